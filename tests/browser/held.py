"""What a browser keeps of us: asked of it by a script, for tests that look for what must not be there."""

# Everything the origin holds in this browser, as text.
HELD = """async () => {
  const found = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage})];
  for (const { name } of await indexedDB.databases()) {
    const open = await new Promise((done) => { const asked = indexedDB.open(name); asked.onsuccess = () => done(asked.result); });
    for (const table of open.objectStoreNames) {
      const all = open.transaction(table).objectStore(table);
      const read = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
      found.push(JSON.stringify([await read(all.getAllKeys()), await read(all.getAll())]));
    }
    open.close();
  }
  if (window.caches) for (const name of await caches.keys()) found.push(name);
  return found.join(" ");
}"""
