// `cargo xtask bench sync`: synchronisation beside its peers, in one Chromium, on one machine, on
// the same records. Ratios are the result; milliseconds are only as good as the machine is quiet.
//
// Options: --runs N (default 3; each figure is the median of the runs); --trace, one more run that
// says where the time goes, also among the figures (`trace_…`).
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { medians, openBrowser } from "./measure.mjs";
import { PEERS, PULLED, runPeer } from "./peers.mjs";
import { runPercorso } from "./percorso/phone.mjs";
import { prepare } from "./percorso/world.mjs";
import { print, write } from "./report.mjs";
import { sizes } from "./sizes.mjs";
import { printTraces, traceFigures } from "./trace.mjs";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const { values: options } = parseArgs({
  options: { runs: { type: "string", default: "3" }, trace: { type: "boolean", default: false } },
});
const runs = Number(options.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error("--runs wants a whole number from 1");

const ROWS = [
  { key: "pull_10k_ms", what: "first sync, 10,000 records", unit: "ms", target: 500, fail: 1000 },
  { key: "pull_10k_bytes", what: "  on the wire", unit: "B" },
  { key: "push_500_ms", what: "send 500 offline edits", unit: "ms", target: 200, fail: 500 },
  { key: "push_500_bytes", what: "  on the wire", unit: "B" },
  { key: "idle_ms", what: "idle sync", unit: "ms", target: 10 },
  { key: "idle_requests", what: "  requests", unit: "", target: 1, fail: 2 },
  { key: "idle_bytes", what: "  on the wire", unit: "B", target: 1000 },
  { key: "idle_body_bytes", what: "  of that, bodies", unit: "B" },
  { key: "unlock_10k_ms", what: "unlock without the KDF, until drawn", unit: "ms", target: 200 },
  { key: "unlock_folded_ms", what: "  of that, until in memory", unit: "ms" },
  { key: "wasm_br_bytes", what: "wasm, brotli", unit: "B", target: 400_000, fail: 500_000 },
  { key: "all_wasm_br_bytes", what: "  with what comes after start", unit: "B" },
  { key: "first_load_br_bytes", what: "first load, brotli", unit: "B", target: 470_000, fail: 600_000 },
];

const world = await prepare(ROOT, PULLED);
const contestants = [
  { key: "percorso", title: "Percorso", run: (browser) => runPercorso(browser, world) },
  ...PEERS.map((peer) => ({ ...peer, run: (browser) => runPeer(browser, peer) })),
];
const results = new Map(contestants.map(({ key }) => [key, []]));
const traces = [];
const { context, close } = await openBrowser();
try {
  // Round robin, so that a noisy minute of the machine hits everybody.
  for (let run = 1; run <= runs; run += 1) {
    for (const contestant of contestants) {
      console.error(`run ${run}/${runs}: ${contestant.title}`);
      results.get(contestant.key).push(await contestant.run(context));
    }
  }
  if (options.trace) await runPercorso(context, world, traces);
} finally {
  await close();
  world.remove();
}

const columns = contestants.map(({ key, title }) => ({ key, title, figures: medians(results.get(key)) }));
const [ours, ...peers] = columns;
Object.assign(ours.figures, sizes(ROOT));
print(ROWS, columns);

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
Object.assign(figures, traceFigures(traces));
console.log(`\n(n×): n times ours · median of ${runs} runs · ${write(ROOT, figures, "sync")}`);
printTraces(traces);
