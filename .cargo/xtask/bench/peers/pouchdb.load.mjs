// PouchDB's own server for `cargo xtask bench server`, on the LevelDB adapter.
//
// `serve`: a new database; prints `{ port }` and ends when its standard input does.
// `replicate FILE`: a database of these records (a JSON array of operations), replicated once into
// an empty PouchDB as its documentation shows; prints the bytes that its sockets carried, with
// the answers packed as a browser would get them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import express from "express";
import PouchDB from "pouchdb";
import memory from "pouchdb-adapter-memory";

PouchDB.plugin(memory);
const require = createRequire(import.meta.url);
const [mode, file] = process.argv.slice(2);
const Disk = PouchDB.defaults({ prefix: `${process.cwd()}${path.sep}` });
const app = express();
let requests = 0;

if (mode === "replicate") {
  const db = new Disk("records");
  const docs = JSON.parse(readFileSync(file, "utf8")).map(({ id, ...rest }) => ({ _id: id, ...rest }));
  for (let from = 0; from < docs.length; from += 1000) await db.bulkDocs(docs.slice(from, from + 1000));
  app.use((_request, _reply, next) => {
    requests += 1;
    next();
  });
} else {
  process.stdin.on("end", () => process.exit(0)).resume();
}
app.use("/db", require("express-pouchdb")(Disk, { mode: "minimumForPouchDB", inMemoryConfig: true }));
const server = app.listen(0, "127.0.0.1");
// A client that pauses must not find its connection closed.
server.keepAliveTimeout = 60_000;
const sockets = [];
server.on("connection", (socket) => sockets.push(socket));
await new Promise((listening) => server.once("listening", listening));
const { port } = server.address();
if (mode === "replicate") {
  const copy = new PouchDB("copy", { adapter: "memory" });
  const remote = new PouchDB(`http://127.0.0.1:${port}/db/records`, {
    fetch: (url, options) => {
      // As a browser asks, which gets smaller answers than Node.
      options.headers.set("accept-encoding", "gzip, deflate, br, zstd");
      return PouchDB.fetch(url, options);
    },
  });
  const { docs_written: count } = await copy.replicate.from(remote);
  const bytes = sockets.reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, 0);
  console.log(JSON.stringify({ count, requests, bytes }));
  process.exit(0);
}
// What the server did not make itself is to it not there; a client of PouchDB begins with this too.
await fetch(`http://127.0.0.1:${port}/db/records`, { method: "PUT" });
console.log(JSON.stringify({ port }));
