// `cargo xtask bench sync`: synchronisation beside its peers, in one Chromium, on one machine, on
// the same records. Ratios are the result; milliseconds are only as good as the machine is quiet.
//
// Options: --runs N (default 3; each figure is the median of the runs).
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { medians, openBrowser } from "./measure.mjs";
import { PEERS, runPeer } from "./peers.mjs";
import { print, write } from "./report.mjs";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const { values: options } = parseArgs({ options: { runs: { type: "string", default: "3" } } });
const runs = Number(options.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error("--runs wants a whole number from 1");

const contestants = PEERS.map((peer) => ({ ...peer, run: (browser) => runPeer(browser, peer) }));
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
}

const columns = contestants.map(({ key, title }) => ({ key, title, figures: medians(results.get(key)) }));
print(columns);
const figures = {};
for (const { key, figures: measured } of columns) {
  for (const [name, value] of Object.entries(measured)) figures[`${key}_${name}`] = value;
}
console.log(`\nmedian of ${runs} runs · ${write(ROOT, figures)}`);
