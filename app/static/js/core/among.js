/** Among how many an author is hidden. Pure. */

/**
 * Whether no other table writes on a factor: then its actions come from this one, and everybody can see that.
 * @param {Record<string, string[]> | null} scope table -> factors of a round
 * @param {string | null} table
 * @param {string} factor
 */
export const isOneTables = (scope, table, factor) =>
  Boolean(scope && table && scope[table]?.includes(factor)) && Object.entries(scope ?? {}).every(([other, factors]) => other === table || !factors.includes(factor));
