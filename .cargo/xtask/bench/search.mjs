// `cargo xtask bench search`: finding 5,000 people by name, in this program's engine and in the
// usual one: Double Metaphone and trigrams, after a transliteration to Latin letters. Both run in
// one Chromium, whose processor is slowed down four times, on the same people and queries.
//
// Arguments: the folder where the tool has put what it built and measured natively.
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { openBrowser, within } from "./measure.mjs";
import { write } from "./report.mjs";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const SLOWER = 4;
/** Queries that are typed in the browser, letter by letter, spread over all. */
const TYPED_MAX = 100;

const folder = path.resolve(process.argv[2]);
const world = JSON.parse(readFileSync(path.join(folder, "world.json"), "utf8"));
const native = JSON.parse(readFileSync(path.join(folder, "native.json"), "utf8"));

/** Every beginning of the queries, in the order in which somebody types them. */
function keystrokes() {
  const all = [...world.original, ...world.typing];
  const step = Math.max(1, all.length / TYPED_MAX);
  const chosen = Array.from({ length: Math.floor(all.length / step) }, (_, i) => all[Math.floor(i * step)]);
  return chosen.flatMap(({ query }) => {
    const letters = [...query];
    return letters.map((_, i) => letters.slice(0, i + 1).join(""));
  });
}

async function script() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("search/page.js", import.meta.url))],
    alias: { "search-bench": path.join(folder, "search_bench.js") },
    bundle: true,
    format: "iife",
    write: false,
    logLevel: "error",
    define: { "import.meta.url": '"http://localhost/"' },
  });
  return outputFiles[0].text;
}

async function measure(context, name, typed) {
  const page = await context.newPage();
  try {
    await page.addScriptTag({ content: await script() });
    const wasm = readFileSync(path.join(folder, "search_bench_bg.wasm")).toString("base64");
    const call = (act, args) =>
      within(
        540,
        `${name} ${act}`,
        page.evaluate(([act, args]) => window.bench[act](...args), [act, args]),
      );
    await call("prepare", [name, world.people, wasm]);
    const recall = await call("recall", [[world.original, world.typing]]);
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    const took = await call("type", [typed]);
    return { recall, took };
  } finally {
    await page.close();
  }
}

const at = (took, part) => took[Math.floor(took.length * part)];
const figures = {
  people: world.people.length,
  arabic_recall_at_5: native.arabic_recall_at_5,
  typo_recall_at_5: native.typo_recall_at_5,
  p95_ms_native: native.p95_ms,
  p50_ms_native: native.p50_ms,
  index_ms_native: native.index_ms,
};
const typed = keystrokes();
const { context, close } = await openBrowser();
try {
  for (const [name, prefix] of [["percorso", ""], ["peer", "peer_"]]) {
    console.error(`${name} in Chromium`);
    const { recall, took } = await measure(context, name, typed);
    const chromium = name === "percorso" ? "_chromium" : "";
    figures[`${prefix}arabic_recall_at_5${chromium}`] = recall[0];
    figures[`${prefix}typo_recall_at_5${chromium}`] = recall[1];
    figures[`${prefix}p50_ms_chromium_x4`] = at(took, 0.5);
    figures[`${prefix}p95_ms_chromium_x4`] = at(took, 0.95);
  }
} finally {
  await close();
}

// What the targets speak of, under plain names: from one's own script, on a slow phone.
figures.recall_at_5 = figures.arabic_recall_at_5_chromium;
figures.p95_ms = figures.p95_ms_chromium_x4;

const rows = [
  ["", "native", "Chromium", "DM + trigram", "target"],
  ["recall_at_5, own script → Latin", "arabic_recall_at_5", "arabic_recall_at_5_chromium", "peer_arabic_recall_at_5", "≥ 0.96"],
  ["recall_at_5, one typing error", "typo_recall_at_5", "typo_recall_at_5_chromium", "peer_typo_recall_at_5", "≥ 0.98"],
  ["p95_ms per keystroke (browser: CPU ×4)", "p95_ms_native", "p95_ms_chromium_x4", "peer_p95_ms_chromium_x4", "≤ 16"],
  ["p50_ms", "p50_ms_native", "p50_ms_chromium_x4", "peer_p50_ms_chromium_x4", ""],
];
for (const [what, ...cells] of rows) {
  const shown = cells.map((key) => {
    const value = figures[key];
    if (value === undefined) return key;
    return value.toFixed(key.includes("recall") ? 4 : 2);
  });
  console.log(what.padEnd(40) + shown.map((text) => text.padStart(14)).join(""));
}
const size = `${world.people.length} people, ${world.original.length} pairs, ${typed.length} keystrokes`;
console.log(`\n${size} · ${write(ROOT, figures, "search")}`);
