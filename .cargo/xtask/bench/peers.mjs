// The peers. PouchDB comes twice: as its documentation starts people off, and with the adapter and
// batches that made it fastest here; the first is the ratio that counts, the second keeps us
// honest. RxDB has one column, since its time hardly depends on the batch.
import { fileURLToPath } from "node:url";
import { countTraffic, startPeer, within } from "./measure.mjs";

export const PULLED = 10_000;
export const PUSHED = 500;

const pouchdb = {
  server: "pouchdb.server.mjs",
  api: (path) => path.startsWith("/db/"),
};
const rxdb = {
  server: "rxdb.server.mjs",
  api: (path) => path.startsWith("/rx/"),
};
const large = { batch_size: 1000, batches_limit: 10 };

/** `pull` and `push` are the arguments that the peer's page takes. */
export const PEERS = [
  { key: "pouchdb", title: "PouchDB 9", ...pouchdb, pull: ["idb", {}], push: [{}] },
  { key: "pouchdb_tuned", title: "PouchDB tuned", ...pouchdb, pull: ["indexeddb", large], push: [large] },
  { key: "rxdb", title: "RxDB 17", ...rxdb, pull: [500], push: [500] },
];

function expect(what, seen, wanted) {
  if (seen !== wanted) throw new Error(`${what}: ${seen} records instead of ${wanted}`);
}

/** One run of a peer with a fresh server and a fresh origin, hence an empty IndexedDB. */
export async function runPeer(browser, peer) {
  const script = fileURLToPath(new URL(`peers/${peer.server}`, import.meta.url));
  const server = await startPeer(script, { count: PULLED });
  const page = await browser.newPage();
  const call = async (name, args) => {
    const act = page.evaluate(([name, args]) => window.bench[name](...args), [name, args]);
    return within(90, `${peer.title} ${name}`, act);
  };
  try {
    await page.goto(server.origin);
    const traffic = await countTraffic(page, peer.api);
    const pull = await call("pull", peer.pull);
    expect(`${peer.title} pull`, pull.count, PULLED);
    const pulled = await traffic.take();
    await call("edit", [PUSHED]);
    await traffic.take();
    const push = await call("push", peer.push);
    expect(`${peer.title} push`, push.count, PUSHED);
    const pushed = await traffic.take();
    // What was pushed comes back once in the next round; only the round after that is idle.
    await call("idle", peer.push);
    await traffic.take();
    const idle = await call("idle", peer.push);
    expect(`${peer.title} idle`, idle.count, 0);
    const idled = await traffic.take();
    return {
      pull_10k_ms: pull.ms,
      pull_10k_bytes: pulled.bytes,
      push_500_ms: push.ms,
      push_500_bytes: pushed.bytes,
      idle_ms: idle.ms,
      idle_requests: idled.requests,
      idle_bytes: idled.bytes,
      idle_body_bytes: idled.body,
    };
  } finally {
    await page.close();
    await server.stop();
  }
}
