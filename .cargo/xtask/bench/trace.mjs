// Where the time of a measure goes: what the page's own thread did between its begin and its end,
// by Chromium's own trace. A run with a trace is slower: it explains figures, it is none.
import { protocol, within } from "./measure.mjs";

const CATEGORIES = [
  "devtools.timeline",
  "disabled-by-default-devtools.timeline",
  "disabled-by-default-v8.gc",
  "v8.execute",
  "blink.user_timing",
  "IndexedDB",
];

/** What time goes to: its key among the figures, its words for a reader, Chromium's names of it. */
const PARTS = [
  {
    key: "our_code",
    words: "our code (WebAssembly and its glue)",
    names: /^(FunctionCall|RunMicrotasks|v8\.run|V8\.Execute|EvaluateScript|TimerFire|FireAnimationFrame)/,
  },
  { key: "garbage", words: "garbage collection", names: /GC/ },
  { key: "indexeddb", words: "IndexedDB", names: /(IndexedDB|IDB)/ },
  {
    key: "drawing",
    words: "style, layout, paint",
    names: /(Style|Layout|Paint|Layerize|Commit|Composite|HitTest)/,
  },
  { key: "network", words: "network and its events", names: /(Resource|XHR|Fetch|Loader)/ },
];
const OTHER = { key: "other_tasks", words: "the browser's own tasks" };
const WAITING = { key: "waiting", words: "waiting: network, disk, other threads, the next frame" };

/** Traces a page until the answer is called, which gives everything that was seen. */
async function tracing(page) {
  const cdp = await protocol(page);
  const events = [];
  const collect = ({ value }) => events.push(...value);
  cdp.on("Tracing.dataCollected", collect);
  await cdp.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: CATEGORIES, recordMode: "recordAsMuchAsPossible" },
  });
  return async () => {
    const whole = new Promise((resolve) => cdp.once("Tracing.tracingComplete", resolve));
    await cdp.send("Tracing.end");
    await within(120, "the trace", whole);
    cdp.off("Tracing.dataCollected", collect);
    return events;
  };
}

/**
 * Has something done in a page while it is traced. Gives what that gave, and where the time of
 * each measure went: `key` names its figures, `what` says it to a reader, `name` is what the page
 * calls it. One that `isRepeated` is the mean of all that were made; of others the first counts.
 */
export async function traced(page, measures, act) {
  const stop = await tracing(page);
  const result = await act();
  const events = await stop();
  const traces = measures.map((measure) => ({ ...measure, ...shares(events, measure) }));
  return { result, traces };
}

/** Milliseconds of a measure by what was done in it; the rest is waiting. */
function shares(events, { name, isRepeated }) {
  const marks = events.filter((event) => event.cat === "blink.user_timing" && event.name === name);
  const [begins, ends] = ["b", "e"].map((phase) => marks.filter(({ ph }) => ph === phase));
  if (begins.length === 0 || ends.length === 0) throw new Error(`the trace has no ${name}`);
  const spans = isRepeated ? apart(begins, ends) : [{ from: begins[0].ts, to: ends[0].ts }];
  const [{ pid, tid }] = begins;
  const own = events
    .filter((event) => event.ph === "X" && event.pid === pid && event.tid === tid)
    .sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  const spent = new Map([...PARTS, OTHER, WAITING].map((part) => [part, 0]));
  for (const span of spans) spend(own, span, spent);
  const whole = spans.reduce((sum, { from, to }) => sum + (to - from), 0);
  const busy = [...spent.values()].reduce((sum, time) => sum + time, 0);
  spent.set(WAITING, whole - busy);
  const ms = (microseconds) => microseconds / spans.length / 1_000;
  const parts = [...spent].map(([part, time]) => ({ ...part, ms: ms(time), share: time / whole }));
  return { count: spans.length, whole: ms(whole), parts: parts.sort((a, b) => b.ms - a.ms) };
}

/** From each begin to its end, in their order. Where two overlap, the moment counts once. */
function apart(begins, ends) {
  const [froms, tos] = [begins, ends].map((marks) => marks.map(({ ts }) => ts).sort((a, b) => a - b));
  let last = Number.NEGATIVE_INFINITY;
  return froms.slice(0, tos.length).map((from, i) => {
    const span = { from: Math.max(from, last), to: Math.max(tos[i], last) };
    last = span.to;
    return span;
  });
}

/** Adds to each part what it had of a span, in microseconds. Events come in their order. */
function spend(events, { from, to }, spent) {
  const inside = events.filter(({ ts, dur }) => ts < to && ts + dur > from);
  const partOf = ({ name }) => PARTS.find(({ names }) => names.test(name));
  const open = [];
  let now = from;
  // Each moment counts for the innermost thing that has a name here.
  const until = (ts) => {
    const then = Math.min(Math.max(ts, now), to);
    if (open.length > 0) {
      const part = open.findLast((one) => one.part !== undefined)?.part ?? OTHER;
      spent.set(part, spent.get(part) + (then - now));
    }
    now = then;
  };
  const close = (ts) => {
    while (open.length > 0 && open.at(-1).end <= ts) {
      until(open.at(-1).end);
      open.pop();
    }
  };
  for (const event of inside) {
    close(event.ts);
    until(event.ts);
    open.push({ part: partOf(event), end: event.ts + event.dur });
  }
  close(Number.POSITIVE_INFINITY);
}

/** Prints where the time went, the largest part first. */
export function printTraces(traces) {
  for (const { what, count, whole, parts } of traces) {
    const each = count > 1 ? `, the mean of ${count}` : "";
    console.log(`\n${what}, traced: ${whole.toFixed(1)} ms on the page's own thread${each}`);
    for (const { words, ms, share } of parts.filter((part) => part.ms > 0)) {
      console.log(`  ${ms.toFixed(1).padStart(8)} ms ${(100 * share).toFixed(0).padStart(3)} %  ${words}`);
    }
  }
}

/** The same as figures: how long each measure was, and the share of it that each part had. */
export function traceFigures(traces) {
  const figures = {};
  for (const { key, whole, parts } of traces) {
    figures[`trace_${key}_ms`] = whole;
    for (const part of parts) figures[`trace_${key}_${part.key}_share`] = part.share;
  }
  return figures;
}
