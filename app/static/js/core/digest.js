/** The digest by which a browser learns that its board differs from the server's: the same arithmetic as `app/domain/digest.py`. */

/**
 * 32-bit FNV-1a. Source: Fowler, Noll, Vo.
 * @param {string} text ASCII: tables, record ids and revisions are nothing else
 * @returns {number} unsigned
 */
export function fnv1a(text) {
  let value = 0x811c9dc5;
  for (let n = 0; n < text.length; n += 1) value = Math.imul(value ^ text.charCodeAt(n), 0x01000193);
  return value >>> 0;
}

/**
 * What one record adds to the digest; XOR takes it out again.
 * @param {string} table
 * @param {{id: string, rev: number} | undefined} record
 */
export const mark = (table, record) => (record ? fnv1a(`${table}/${record.id}:${record.rev}`) : 0);
