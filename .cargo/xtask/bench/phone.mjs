// `cargo xtask bench phone`: what a person waits for on a slow phone, in one Chromium whose
// processor is slowed down four times; beside the peers where they do the same thing. Then how much
// memory half an hour of use takes, and what Lighthouse says of the pages before the PIN.
//
// Options: --runs N (default 3; each figure is the median of the runs); --trace, one more run that
// says where the time goes, also among the figures (`trace_…`).
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import lighthouse from "lighthouse";
import { documents } from "./data.mjs";
import { freePort, medians, openBrowser, protocol, startPeer, within } from "./measure.mjs";
import { PEERS, PULLED } from "./peers.mjs";
import { crowd } from "./percorso/crowd.mjs";
import { openDiary } from "./percorso/notes.mjs";
import { UNLOCKING, measured, opening, signIn, until } from "./percorso/phone.mjs";
import { openSearch, typeNames } from "./percorso/typing.mjs";
import { prepare, prepareCrowd } from "./percorso/world.mjs";
import { print, write } from "./report.mjs";
import { slowDown, speedUp } from "./slow.mjs";
import { printTraces, traceFigures, traced } from "./trace.mjs";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const { values: options } = parseArgs({
  options: { runs: { type: "string", default: "3" }, trace: { type: "boolean", default: false } },
});
const runs = Number(options.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error("--runs wants a whole number from 1");

const NOTES = 100;
/** People on the phone on which somebody searches. */
const PEOPLE = 5_000;
/** Names that are typed while a trace runs. */
const TRACED = 6;
/** Rounds of nine screens: half an hour of somebody who stays twelve seconds on each. */
const ROUNDS = 17;

const ROWS = [
  { key: "cold_start_ms", what: "offline start to PIN, CPU ×4", unit: "ms", target: 800, fail: 1500 },
  { key: "unlock_10k_ms", what: "unlock 10,000 records until drawn, CPU ×4", unit: "ms", target: 700, fail: 1500 },
  { key: "unlock_folded_ms", what: "  of that, until in memory", unit: "ms" },
  { key: "unlock_whole_ms", what: "  from the tap, with the PIN's key", unit: "ms" },
  { key: "save_p50_ms", what: "save a note, CPU ×4: half on disk within", unit: "ms" },
  { key: "save_p95_ms", what: "  95 of 100 on disk within", unit: "ms", target: 50, fail: 150 },
  { key: "save_told_p95_ms", what: "  and told within", unit: "ms" },
  { key: "keystroke_p50_ms", what: "keystroke, 5,000 people, CPU ×4: half drawn within", unit: "ms" },
  { key: "keystroke_p95_ms", what: "  95 of 100 drawn within", unit: "ms", target: 16, fail: 50 },
  { key: "keystroke_work_p95_ms", what: "  and without the wait for the frame", unit: "ms" },
  { key: "keystroke_shown_p95_ms", what: "  and shown, in the browser's steps of 8 ms", unit: "ms" },
  { key: "heap_mb", what: "memory after half an hour", unit: "MB", target: 80, fail: 150 },
  { key: "heap_start_mb", what: "  right after the unlock", unit: "MB" },
  ...["gate", "sign_in"].flatMap((page) => [
    { key: `${page}_performance`, what: `Lighthouse, ${page === "gate" ? "PIN" : "sign-in"}: performance`, unit: "", least: 95 },
    { key: `${page}_accessibility`, what: "  accessibility", unit: "", least: 100 },
    { key: `${page}_best_practices`, what: "  best practices", unit: "", least: 100 },
  ]),
];

const percentile = (values, part) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
};

/** A phone that has everything and is closed: its pages come from the copy, not from a server. */
async function filled(context, origin) {
  const page = await context.newPage();
  await signIn(page, origin);
  await measured(page, "percorso:first-sync");
  // What an installed app keeps for the next start without a network.
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await until(page, 30, "the app in its cache", async () => {
    const names = await caches.keys();
    const kept = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length));
    return kept.some((count) => count > 3);
  });
  await page.close();
}

/**
 * A phone that has everything and is closed, without server or network; `act` gets a slow page to
 * open it in, and its address.
 */
async function onClosedPhone({ context }, world, act) {
  const server = await world.start();
  try {
    await filled(context, server.origin);
    await server.stop();
    await context.setOffline(true);
    const page = await context.newPage();
    await slowDown(page);
    return await act(page, server.origin);
  } finally {
    await context.setOffline(false);
    await server.stop();
  }
}

/** From the address to a keypad that can be pressed. */
async function coldStart(page, origin) {
  await page.addInitScript(rememberWasm);
  await page.addInitScript(() => {
    const look = () => {
      const key = document.querySelector('[role="group"][aria-label="Tastiera del PIN"] button:not(:disabled)');
      if (key) requestAnimationFrame(() => setTimeout(() => (window.askedAt ??= performance.now())));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(origin);
  return until(page, 60, "the PIN", () => {
    if (window.askedAt === undefined) return undefined;
    return performance.measure("bench:start", { start: 0, end: window.askedAt }).duration;
  });
}

/** From the last tap until today's screen is drawn. */
async function open(page) {
  await page.evaluate(() => {
    document.addEventListener(
      "click",
      () => {
        const from = performance.now();
        const look = () => {
          if (document.querySelector("nav a[href='/famiglie']")) window.openedMs ??= performance.now() - from;
          else requestAnimationFrame(look);
        };
        window.openedMs = undefined;
        requestAnimationFrame(look);
      },
      { capture: true },
    );
  });
  const { drawn, folded } = await opening(page);
  const whole = await until(page, 90, "the open app", () => window.openedMs);
  return { drawn, folded, whole };
}

/**
 * Notes written one after the other through the form, each from the tap on "Salva" until the
 * transaction is on the disk, and until the app has said so. The peers' promises tell the first.
 */
async function save(page) {
  await openDiary(page, 'a[href^="/famiglia/"]');
  const wrote = page.evaluate(async (many) => {
    const { writer } = window;
    const said = () => document.querySelector(".toasts .toast");
    let from = 0;
    let written = 0;
    const begin = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (stores, ...rest) {
      const transaction = begin.call(this, stores, ...rest);
      const isRecord = [stores].flat().includes("outbox") && rest[0] === "readwrite";
      const note = () => (written ||= performance.now() - from);
      if (isRecord) transaction.addEventListener("complete", note);
      return transaction;
    };
    const took = [];
    for (let i = 0; i < many; i += 1) {
      said()?.querySelector(".icon-btn").click();
      await writer.seen(() => !said());
      await writer.type(`${i + 1}. Preferisce che la chiamiamo dopo le quattro.`);
      // A thumb is not on the button in the same moment as the last letter.
      await new Promise((resolve) => setTimeout(resolve, 50));
      [from, written] = [performance.now(), 0];
      const told = new Promise((resolve) => {
        const watcher = new MutationObserver(() => {
          if (!said()) return;
          watcher.disconnect();
          resolve(performance.now() - from);
        });
        watcher.observe(document.querySelector(".toasts"), { childList: true, subtree: true });
      });
      writer.save();
      took.push({ told: await told, written });
      performance.measure("bench:save", { start: from, duration: written });
    }
    return took;
  }, NOTES);
  return within(360, "writing notes", wrote);
}

/** Remembers the memory of every wasm that the page starts. */
function rememberWasm() {
  window.wasm = [];
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const start = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const started = await start.apply(WebAssembly, given);
      const { exports } = started.instance ?? started;
      const memories = Object.values(exports).filter((one) => one instanceof WebAssembly.Memory);
      for (const memory of memories) if (!window.wasm.includes(memory)) window.wasm.push(memory);
      return started;
    };
  }
}

/** What the page holds: objects of the script, and the memory of the wasm. */
async function memory(page) {
  const session = await protocol(page);
  await within(60, "collecting garbage", session.send("HeapProfiler.collectGarbage"));
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const wasm = await page.evaluate(() => window.wasm.map(({ buffer }) => buffer.byteLength));
  if (wasm.length === 0) throw new Error("the page's wasm was not seen");
  return (usedSize + wasm.reduce((sum, bytes) => sum + bytes, 0)) / 1e6;
}

/** Half an hour of use: from screen to screen, family after family, at the machine's own speed. */
async function use(page) {
  const go = async (selector) => {
    const link = page.locator(`${selector}:visible`).first();
    await link.click();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  };
  // A family's page has no way to other places but the one back.
  await go('a[href="/famiglie"]');
  for (let round = 0; round < ROUNDS; round += 1) {
    await go('a[href="/oggi"]');
    await go('a[href="/famiglie"]');
    const family = page.locator('main a[href^="/famiglia/"]:visible').nth(round % 8);
    const path = await family.getAttribute("href");
    await family.click();
    for (const part of ["/diario", "/persone", "", "/diario"]) await go(`a[href="${path}${part}"]`);
    await go('a[href="/famiglie"]');
    await go('a[href="/altro"]');
  }
}

async function runPercorso(browser, world) {
  return onClosedPhone(browser, world, async (page, origin) => {
    const ms = await coldStart(page, origin);
    const opened = await open(page);
    const before = await memory(page);
    const took = await save(page);
    await speedUp(page);
    const written = took.map((one) => one.written);
    await use(page);
    const after = await memory(page);
    return {
      cold_start_ms: ms,
      unlock_10k_ms: opened.drawn,
      unlock_folded_ms: opened.folded,
      unlock_whole_ms: opened.whole,
      save_p50_ms: percentile(written, 0.5),
      save_p95_ms: percentile(written, 0.95),
      save_told_p95_ms: percentile(took.map((one) => one.told), 0.95),
      heap_start_mb: before,
      heap_mb: after,
    };
  });
}

/** Names typed into the search of Famiglie, on a phone with many people. */
async function runSearch(browser, world) {
  return onClosedPhone(browser, world, async (page, origin) => {
    await coldStart(page, origin);
    await open(page);
    await openSearch(page, world.families);
    const { drawn, work, shown } = await typeNames(page, world.typed);
    await speedUp(page);
    return {
      keystroke_p50_ms: percentile(drawn, 0.5),
      keystroke_p95_ms: percentile(drawn, 0.95),
      keystroke_work_p95_ms: percentile(work, 0.95),
      keystroke_shown_p95_ms: percentile(shown, 0.95),
    };
  });
}

/** Where the time of a start, an unlock and a hundred saves goes. */
async function traceStart(browser, world) {
  return onClosedPhone(browser, world, async (page, origin) => {
    const starting = { key: "cold_start", what: "offline start to PIN", name: "bench:start" };
    const saving = { key: "save", what: "save a note, until on disk", name: "bench:save", isRepeated: true };
    const started = await traced(page, [starting], () => coldStart(page, origin));
    const opened = await traced(page, UNLOCKING, () => open(page));
    const saved = await traced(page, [saving], () => save(page));
    await speedUp(page);
    return [started, opened, saved].flatMap(({ traces }) => traces);
  });
}

/** Where the time of a letter in the search goes. */
async function traceSearch(browser, world) {
  return onClosedPhone(browser, world, async (page, origin) => {
    await coldStart(page, origin);
    await open(page);
    await openSearch(page, world.families);
    // Every fourth: names of both scripts.
    const names = world.typed.filter((_, i) => i % Math.ceil(world.typed.length / TRACED) === 0);
    const letter = { key: "keystroke", what: "letter in a search", name: "bench:letter", isRepeated: true };
    const { traces } = await traced(page, [letter], () => typeNames(page, names));
    await speedUp(page);
    return traces;
  });
}

/** The same of a peer: its copy opened again, and documents saved. It asks for no PIN. */
async function runPeer(browser, peer) {
  const script = fileURLToPath(new URL(`peers/${peer.server}`, import.meta.url));
  const server = await startPeer(script, { count: PULLED });
  const page = await browser.context.newPage();
  const call = (name, args) =>
    within(180, `${peer.title} ${name}`, page.evaluate(([name, args]) => window.bench[name](...args), [name, args]));
  try {
    await page.goto(server.origin);
    await call("pull", peer.pull);
    await slowDown(page);
    const opened = await call("open", [peer.pull[0]]);
    if (opened.count !== PULLED) throw new Error(`${peer.title} opened ${opened.count} records`);
    const records = documents(PULLED + NOTES).slice(PULLED);
    const { took } = await call("save", [records.map((record, i) => ({ ...record, updatedAt: i + 1 }))]);
    await speedUp(page);
    return {
      unlock_10k_ms: opened.ms,
      save_p50_ms: percentile(took, 0.5),
      save_p95_ms: percentile(took, 0.95),
    };
  } finally {
    await page.close();
    await server.stop();
  }
}

/** Lighthouse as it comes, for a phone: once on the sign-in page, once where the PIN is asked. */
async function audit(world) {
  const server = await world.start();
  const port = await freePort();
  const browser = await openBrowser([`--remote-debugging-port=${port}`]);
  const judged = {};
  const judge = async (name, url, flags) => {
    const { lhr } = await lighthouse(url, {
      port,
      output: "json",
      logLevel: "error",
      onlyCategories: ["performance", "accessibility", "best-practices"],
      ...flags,
    });
    for (const [id, { score }] of Object.entries(lhr.categories)) {
      judged[`${name}_${id.replace("-", "_")}`] = Math.round(score * 100);
    }
    const failed = Object.values(lhr.audits).filter((one) => one.score === 0 && one.scoreDisplayMode === "binary");
    for (const { id, title } of failed) console.error(`Lighthouse, ${name}: ${id}: ${title}`);
  };
  try {
    await judge("sign_in", `${server.origin}/accesso`, {});
    await filled(browser.context, server.origin);
    await judge("gate", `${server.origin}/`, { disableStorageReset: true });
    return judged;
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** A profile of its own: a phone that starts cold has nothing of an earlier run. */
async function inBrowser(act) {
  const browser = await openBrowser();
  try {
    return await act(browser);
  } finally {
    await browser.close();
  }
}

const world = await prepare(ROOT, PULLED);
const people = crowd(ROOT, PEOPLE);
const crowded = { ...people, ...prepareCrowd(ROOT, people.list) };
const contestants = [
  { key: "percorso", title: "Percorso", run: (browser) => runPercorso(browser, world) },
  ...PEERS.map((peer) => ({ ...peer, run: (browser) => runPeer(browser, peer) })),
];
const results = new Map(contestants.map(({ key }) => [key, []]));
const searches = [];
const audits = [];
const traces = [];
try {
  for (let run = 1; run <= runs; run += 1) {
    for (const contestant of contestants) {
      console.error(`run ${run}/${runs}: ${contestant.title}`);
      results.get(contestant.key).push(await inBrowser(contestant.run));
    }
    console.error(`run ${run}/${runs}: search`);
    searches.push(await inBrowser((browser) => runSearch(browser, crowded)));
    console.error(`run ${run}/${runs}: Lighthouse`);
    audits.push(await audit(world));
  }
  if (options.trace) {
    console.error("traces");
    traces.push(...(await inBrowser((browser) => traceStart(browser, world))));
    traces.push(...(await inBrowser((browser) => traceSearch(browser, crowded))));
  }
} finally {
  world.remove();
  crowded.remove();
}

const columns = contestants.map(({ key, title }) => ({ key, title, figures: medians(results.get(key)) }));
const [ours, ...peers] = columns;
Object.assign(ours.figures, medians(searches), medians(audits));
print(ROWS, columns);

const figures = { ...ours.figures };
for (const peer of peers) {
  for (const [name, value] of Object.entries(peer.figures)) {
    figures[`${peer.key}_${name}`] = value;
    figures[`${name.replace(/_ms$/, "")}_ratio_${peer.key}`] = value / ours.figures[name];
  }
}
Object.assign(figures, traceFigures(traces));
console.log(`\n(n×): n times ours · median of ${runs} runs · ${write(ROOT, figures, "phone")}`);
printTraces(traces);
