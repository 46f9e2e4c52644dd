// The HTTP endpoint that RxDB's replication plugin expects, kept in memory: a checkpoint pull in
// order of (updatedAt, id), and a push that compares what the phone believed with what is there.
import http from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { documents } from "../data.mjs";

const { count } = JSON.parse(process.argv[2]);
const bundle = await build({
  entryPoints: [fileURLToPath(new URL("rxdb.page.js", import.meta.url))],
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  define: { "process.env.NODE_ENV": '"production"' },
});
const script = Buffer.from(bundle.outputFiles[0].contents);

let clock = 0;
const byId = new Map();
let log = [];
for (const record of documents(count)) {
  const doc = { ...record, updatedAt: (clock += 1), _deleted: false };
  byId.set(doc.id, doc);
  log.push(doc);
}

/** The documents after a checkpoint. The clock never repeats, so the id never has to decide. */
function since(updatedAt, limit) {
  let low = 0;
  let high = log.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (log[middle].updatedAt <= updatedAt) low = middle + 1;
    else high = middle;
  }
  const documents = log.slice(low, low + limit);
  const last = documents.at(-1);
  return { documents, checkpoint: last && { id: last.id, updatedAt: last.updatedAt } };
}

/** Takes the rows whose assumed state is ours; answers with ours for the others. */
function accept(rows) {
  const conflicts = [];
  for (const { assumedMasterState, newDocumentState } of rows) {
    const here = byId.get(newDocumentState.id);
    if (here && here.updatedAt !== assumedMasterState?.updatedAt) conflicts.push(here);
    else byId.set(newDocumentState.id, { ...newDocumentState, updatedAt: (clock += 1) });
  }
  log = [...byId.values()].sort((a, b) => a.updatedAt - b.updatedAt);
  return conflicts;
}

const server = http.createServer(async (request, reply) => {
  const url = new URL(request.url, "http://127.0.0.1");
  const send = (type, body) => {
    reply.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(body) });
    reply.end(body);
  };
  if (url.pathname === "/page.js") return send("text/javascript", script);
  if (url.pathname === "/rx/pull") {
    const { searchParams: q } = url;
    return send("application/json", JSON.stringify(since(Number(q.get("updatedAt")), Number(q.get("limit")))));
  }
  if (url.pathname === "/rx/push") {
    const parts = [];
    for await (const part of request) parts.push(part);
    return send("application/json", JSON.stringify(accept(JSON.parse(Buffer.concat(parts)))));
  }
  return send("text/html", '<!doctype html><meta charset="utf-8"><title>RxDB</title><script src="/page.js"></script>');
});
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("disconnect", () => process.exit(0));
