// `cargo xtask bench conflict`: the same random histories through Percorso and through PouchDB.
// Reads histories from standard input, one a line, each with Percorso's own outcome
// (app/replica/examples/conflict.rs).
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { runPouchdb } from "./conflict/pouchdb.mjs";
import { table, write } from "./report.mjs";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const ours = {};
const theirs = {};
const add = (sums, figures) => {
  for (const [key, value] of Object.entries(figures)) sums[key] = (sums[key] ?? 0) + value;
};

const seeds = [];
let lossy = 0;
let worst = { lost: -1 };
for await (const line of createInterface({ input: process.stdin })) {
  const history = JSON.parse(line);
  const peer = await runPouchdb(history);
  if (peer.words !== history.words) throw new Error(`seed ${history.seed}: two different histories`);
  add(ours, { words: history.words, steps: history.steps.length, ...history.percorso });
  add(theirs, peer);
  seeds.push(history.seed);
  if (peer.lost > 0) lossy += 1;
  if (peer.lost > worst.lost) worst = { seed: history.seed, lost: peer.lost };
  if (seeds.length % 25 === 0) console.error(`${seeds.length} histories`);
}
if (seeds.length === 0) throw new Error("there was no history to run");

const count = (value) => value.toLocaleString("en");
const row = (what, one, other) => [what, count(one), typeof other === "string" ? other : count(other)];
console.log(
  `${count(seeds.length)} histories (seeds ${seeds[0]} to ${seeds.at(-1)}), ${count(ours.steps)} steps: people without ` +
    "each other write\nthe same and different fields, paragraphs of one text and notes, and meet the server in any " +
    "order.\n",
);
table([
  ["", "Percorso", "PouchDB 9"],
  row("words typed", ours.words, theirs.words),
  row("  replaced by somebody who had them on screen", ours.replaced, theirs.replaced),
  row("  on everybody's screen at the end", ours.shown, theirs.shown),
  row("  lost: on no screen, and nobody took them away", ours.lost, theirs.lost),
  row("    of those, still in the store, shown to nobody", ours.lost_in_history, theirs.lost_in_losing),
  row("conflicts that a person is shown", ours.conflicts, 0),
  row("  documents with conflicts that nobody is shown", 0, theirs.conflicts),
]);
console.log(`
PouchDB as its guide begins: one document per thing, put with the revision that was read, replicated
both ways, the winning revision shown. What lost lies in its store as \`_conflicts\` until somebody
deletes it: an application that asks for it and lets people choose loses less than this one; one that
never asks shows none of it. PouchDB lost words in ${lossy} of ${seeds.length} histories, the most in seed ${worst.seed}.`);

const figures = {
  histories: seeds.length,
  words_typed: ours.words,
  percorso_words_lost: ours.lost,
  percorso_words_shown: ours.shown,
  percorso_words_replaced: ours.replaced,
  percorso_lost_in_history: ours.lost_in_history,
  percorso_conflicts_shown: ours.conflicts,
  pouchdb_words_lost: theirs.lost,
  pouchdb_words_shown: theirs.shown,
  pouchdb_words_replaced: theirs.replaced,
  pouchdb_lost_in_conflicts: theirs.lost_in_losing,
  pouchdb_conflicts_shown: 0,
  pouchdb_conflicts_hidden: theirs.conflicts,
  pouchdb_histories_with_loss: lossy,
};
console.log(`\n${write(ROOT, figures, "conflict")}`);
if (ours.lost > 0) throw new Error(`Percorso lost ${ours.lost} words`);
