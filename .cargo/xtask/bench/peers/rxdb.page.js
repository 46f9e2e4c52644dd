// RxDB on Dexie in the page. Each function returns the milliseconds of the part that is measured.
import { createRxDatabase } from "rxdb/plugins/core";
import { replicateRxCollection } from "rxdb/plugins/replication";
import { getRxStorageDexie } from "rxdb/plugins/storage-dexie";

const id = { type: "string", maxLength: 36 };
const number = { type: "number" };
const schema = {
  version: 0,
  primaryKey: "id",
  type: "object",
  properties: {
    id,
    device: id,
    device_seq: number,
    scope: id,
    author: id,
    at: number,
    schema: number,
    replaces: { type: "array", items: { type: "string" } },
    change: { type: "object" },
    updatedAt: number,
  },
  required: ["id", "scope", "change", "updatedAt"],
};
let collection;

async function open() {
  const db = await createRxDatabase({ name: "bench", storage: getRxStorageDexie(), multiInstance: false });
  ({ records: collection } = await db.addCollections({ records: { schema } }));
}

/** One replication round, up and down, that ends when both sides agree. */
async function replicate(batchSize) {
  let moved = 0;
  const state = replicateRxCollection({
    collection,
    replicationIdentifier: "bench",
    live: false,
    waitForLeadership: false,
    pull: {
      batchSize,
      async handler(checkpoint, limit) {
        const after = checkpoint?.updatedAt ?? 0;
        const reply = await (await fetch(`/rx/pull?updatedAt=${after}&limit=${limit}`)).json();
        moved += reply.documents.length;
        return { documents: reply.documents, checkpoint: reply.checkpoint ?? checkpoint };
      },
    },
    push: {
      batchSize,
      async handler(rows) {
        moved += rows.length;
        const reply = await fetch("/rx/push", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(rows),
        });
        return reply.json();
      },
    },
  });
  let failure;
  state.error$.subscribe((error) => (failure = error));
  await state.awaitInitialReplication();
  await state.cancel();
  if (failure) throw failure;
  return moved;
}

window.bench = {
  // First replication, then everything once into memory.
  async pull(batchSize = 1000) {
    await open();
    const from = performance.now();
    await replicate(batchSize);
    const docs = await collection.find().exec();
    return { ms: performance.now() - from, count: docs.length };
  },
  // From a copy on disk to all of it in memory.
  async open() {
    await collection.database.close();
    const from = performance.now();
    await open();
    const docs = await collection.find().exec();
    return { ms: performance.now() - from, count: docs.length };
  },
  // One new record after the other, each from the call until it is on disk.
  async save(records) {
    const took = [];
    for (const record of records) {
      const from = performance.now();
      await collection.insert(record);
      took.push(performance.now() - from);
    }
    return { took };
  },
  // Edits made out of the server's reach; not measured.
  async edit(count) {
    for (const doc of await collection.find({ limit: count }).exec()) {
      await doc.patch({ at: doc.at + 1 });
    }
  },
  async push(batchSize = 1000) {
    const from = performance.now();
    const count = await replicate(batchSize);
    return { ms: performance.now() - from, count };
  },
  async idle(batchSize = 1000) {
    const from = performance.now();
    const count = await replicate(batchSize);
    return { ms: performance.now() - from, count };
  },
};
