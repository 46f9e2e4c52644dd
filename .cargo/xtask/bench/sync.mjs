// `cargo xtask bench sync`: synchronisation beside its peers, in one Chromium, on one machine, on
// the same records. Ratios are the result; milliseconds are only as good as the machine is quiet.
//
// Options: --runs N (default 3; each figure is the median of the runs).
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { medians, openBrowser } from "./measure.mjs";
import { PEERS, PULLED, runPeer } from "./peers.mjs";
import { runPercorso } from "./percorso/phone.mjs";
import { prepare } from "./percorso/world.mjs";
import { print, write } from "./report.mjs";
import { sizes } from "./sizes.mjs";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const { values: options } = parseArgs({ options: { runs: { type: "string", default: "3" } } });
const runs = Number(options.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error("--runs wants a whole number from 1");

const world = await prepare(ROOT, PULLED);
const contestants = [
  { key: "percorso", title: "Percorso", run: (browser) => runPercorso(browser, world) },
  ...PEERS.map((peer) => ({ ...peer, run: (browser) => runPeer(browser, peer) })),
];
const results = new Map(contestants.map(({ key }) => [key, []]));
const { context, close } = await openBrowser();
try {
  // Round robin, so that a noisy minute of the machine hits everybody.
  for (let run = 1; run <= runs; run += 1) {
    for (const contestant of contestants) {
      console.error(`run ${run}/${runs}: ${contestant.title}`);
      results.get(contestant.key).push(await contestant.run(context));
    }
  }
} finally {
  await close();
  world.remove();
}

const columns = contestants.map(({ key, title }) => ({ key, title, figures: medians(results.get(key)) }));
const [ours, ...peers] = columns;
Object.assign(ours.figures, sizes(ROOT));
print(columns);

// Our figures by their plain names, then how many times longer each peer took, then the peers'.
const figures = { ...ours.figures };
for (const name of ["pull_10k", "push_500", "idle"]) {
  for (const peer of peers) {
    figures[`${name}_ratio_${peer.key}`] = peer.figures[`${name}_ms`] / ours.figures[`${name}_ms`];
  }
}
for (const peer of peers) {
  for (const [name, value] of Object.entries(peer.figures)) figures[`${peer.key}_${name}`] = value;
}
console.log(`\n(n×): n times ours · median of ${runs} runs · ${write(ROOT, figures, "sync")}`);
