// PouchDB in the page. Each function returns the milliseconds of the part that is measured.
const batch = { batch_size: 1000, batches_limit: 10 };
let db;
let remote;

window.bench = {
  // First replication, then everything once into memory.
  async pull(adapter, options = batch) {
    db = new PouchDB("records", { adapter });
    remote = new PouchDB(`${location.origin}/db/records`);
    const from = performance.now();
    await db.replicate.from(remote, options);
    const { rows } = await db.allDocs({ include_docs: true });
    return { ms: performance.now() - from, count: rows.length };
  },
  // From a copy on disk to all of it in memory.
  async open(adapter) {
    await db.close();
    const from = performance.now();
    db = new PouchDB("records", { adapter });
    const { rows } = await db.allDocs({ include_docs: true });
    return { ms: performance.now() - from, count: rows.length };
  },
  // One new record after the other, each from the call until it is on disk.
  async save(records) {
    const took = [];
    for (const { id, ...rest } of records) {
      const from = performance.now();
      await db.put({ _id: id, ...rest });
      took.push(performance.now() - from);
    }
    return { took };
  },
  // Edits made out of the server's reach; not measured.
  async edit(count) {
    const { rows } = await db.allDocs({ include_docs: true, limit: count });
    for (const { doc } of rows) await db.put({ ...doc, at: doc.at + 1 });
  },
  async push(options = batch) {
    const from = performance.now();
    const { docs_written: count } = await db.replicate.to(remote, options);
    return { ms: performance.now() - from, count };
  },
  async idle() {
    const from = performance.now();
    const { push, pull } = await db.sync(remote);
    return { ms: performance.now() - from, count: push.docs_written + pull.docs_written };
  },
};
