// The same histories with PouchDB, as an application writes it at first: one document per thing
// (the household, each goal, each note), read, changed and put back with the revision that was
// read, and replication both ways. Where two revisions stand PouchDB chooses one, the same
// everywhere; the application shows that one, since nothing tells it that there is another.
import PouchDB from "pouchdb";
import memory from "pouchdb-adapter-memory";

PouchDB.plugin(memory);

const thing = ({ goal }) => (goal === undefined ? "household" : `goal-${goal}`);
const split = (text = "") => text.split(/\s+/).filter(Boolean);

/** Every word of a document: its fields are texts, but for its own names. */
const words = (doc) =>
  Object.entries(doc)
    .filter(([key]) => !key.startsWith("_") && key !== "clock")
    .flatMap(([, text]) => split(text));

async function read(db, id) {
  try {
    return await db.get(id);
  } catch (error) {
    if (error.status === 404) return { _id: id };
    throw error;
  }
}

/** One field's text after a deed; `null` where there is nothing to do. */
function edited(before, step) {
  if (step.do === "write") return step.text;
  const lines = before.split("\n");
  if (step.do === "paragraph") {
    lines.splice(step.number % (lines.length + 1), 1, step.text);
    return lines.join("\n");
  }
  if (lines.length < 2) return null;
  lines.splice(step.number % lines.length, 1);
  return lines.join("\n");
}

/** Runs one history and says what became of its words. */
export async function runPouchdb(history) {
  const open = (name) => new PouchDB(`${history.seed}-${name}`, { adapter: "memory" });
  const server = open("server");
  const copies = Array.from({ length: history.people }, (_, who) => open(who));
  const typed = new Set();
  const replaced = new Set();
  let notes = 0;
  for (const step of history.steps) {
    const db = copies[step.who];
    for (const word of split(step.text)) typed.add(word);
    if (step.do === "sync") {
      await db.sync(server);
    } else if (step.do === "note") {
      notes += 1;
      await db.put({ _id: `note-${notes}`, text: step.text, clock: step.clock });
    } else {
      const doc = await read(db, thing(step.at));
      const before = doc[step.at.field] ?? "";
      const after = edited(before, step);
      if (after === null) continue;
      await db.put({ ...doc, [step.at.field]: after, clock: step.clock });
      // Whoever wrote had these words on the screen and took them away.
      const kept = new Set(split(after));
      for (const word of split(before)) if (!kept.has(word)) replaced.add(word);
    }
  }
  const outcome = await look([server, ...copies], typed, replaced);
  await Promise.all([server, ...copies].map((db) => db.destroy()));
  return outcome;
}

async function look([server, ...copies], typed, replaced) {
  const { rows } = await server.allDocs({ include_docs: true, conflicts: true });
  const winners = (rows) => rows.map(({ doc }) => doc._rev).join();
  for (const copy of copies) {
    const own = await copy.allDocs({ include_docs: true });
    if (winners(own.rows) !== winners(rows)) throw new Error("two copies do not say the same");
  }
  const shown = new Set(rows.flatMap(({ doc }) => words(doc)));
  const losing = new Set();
  let conflicts = 0;
  for (const { doc } of rows) {
    if (doc._conflicts) conflicts += 1;
    for (const rev of doc._conflicts ?? []) {
      for (const word of words(await server.get(doc._id, { rev }))) losing.add(word);
    }
  }
  const lost = [...typed].filter((word) => !shown.has(word) && !replaced.has(word));
  return {
    words: typed.size,
    replaced: typed.size - shown.size - lost.length,
    shown: shown.size,
    lost: lost.length,
    lost_in_losing: lost.filter((word) => losing.has(word)).length,
    conflicts,
  };
}
