// PouchDB's own server: express-pouchdb on the LevelDB adapter, as its documentation shows.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import express from "express";
import PouchDB from "pouchdb";
import { documents } from "../data.mjs";

const require = createRequire(import.meta.url);
const { count } = JSON.parse(process.argv[2]);
const Disk = PouchDB.defaults({ prefix: `${process.cwd()}${path.sep}` });
const dist = path.dirname(require.resolve("pouchdb/package.json"));
const scripts = {
  "/pouchdb.js": path.join(dist, "dist/pouchdb.min.js"),
  "/pouchdb.indexeddb.js": path.join(dist, "dist/pouchdb.indexeddb.min.js"),
  "/page.js": new URL("pouchdb.page.js", import.meta.url),
};

const db = new Disk("records");
const docs = documents(count).map(({ id, ...rest }) => ({ _id: id, ...rest }));
for (let from = 0; from < docs.length; from += 1000) await db.bulkDocs(docs.slice(from, from + 1000));

const app = express();
app.get("/", (_, reply) =>
  reply.type("html").send(
    `<!doctype html><meta charset="utf-8"><title>PouchDB</title>${Object.keys(scripts)
      .map((src) => `<script src="${src}"></script>`)
      .join("")}`,
  ),
);
for (const [route, file] of Object.entries(scripts)) {
  app.get(route, (_, reply) => reply.type("js").send(readFileSync(file)));
}
app.use("/db", require("express-pouchdb")(Disk, { mode: "minimumForPouchDB", inMemoryConfig: true }));
const server = app.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("disconnect", () => process.exit(0));
