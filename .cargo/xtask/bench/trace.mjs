// Where the time of a measure goes: what the page's own thread did between its begin and its end,
// by Chromium's own trace. A run with a trace is slower: it explains figures, it is none.

const CATEGORIES = [
  "devtools.timeline",
  "disabled-by-default-devtools.timeline",
  "disabled-by-default-v8.gc",
  "v8.execute",
  "blink.user_timing",
  "IndexedDB",
];

/** Chromium's names of what is waited for or done, in a reader's words. */
const WORDS = [
  ["our code (WebAssembly and its glue)", /^(FunctionCall|RunMicrotasks|v8\.run|V8\.Execute|EvaluateScript|TimerFire|FireAnimationFrame)/],
  ["garbage collection", /GC/],
  ["IndexedDB", /(IndexedDB|IDB)/],
  ["style, layout, paint", /(Style|Layout|Paint|Layerize|Commit|Composite|HitTest)/],
  ["network and its events", /(Resource|XHR|Fetch|Loader)/],
];

/** Traces a page until the answer is called, which gives everything that was seen. */
export async function tracing(page) {
  const cdp = await page.context().newCDPSession(page);
  const events = [];
  cdp.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  await cdp.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: CATEGORIES, recordMode: "recordAsMuchAsPossible" },
  });
  return async () => {
    const whole = new Promise((resolve) => cdp.once("Tracing.tracingComplete", resolve));
    await cdp.send("Tracing.end");
    await whole;
    await cdp.detach();
    return events;
  };
}

/** Milliseconds of one measure by what was done in it; the rest is waiting. */
export function shares(events, measure) {
  const marks = events.filter(({ cat, name }) => cat === "blink.user_timing" && name === measure);
  const [begin, end] = ["b", "e"].map((phase) => marks.find(({ ph }) => ph === phase));
  if (begin === undefined || end === undefined) throw new Error(`the trace has no ${measure}`);
  const own = ({ pid, tid }) => pid === begin.pid && tid === begin.tid;
  const within = events
    .filter((event) => event.ph === "X" && own(event) && event.ts < end.ts && event.ts + event.dur > begin.ts)
    .sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  const kind = (name) => WORDS.find(([, names]) => names.test(name))?.[0];
  const spent = new Map();
  const open = [];
  let now = begin.ts;
  let busy = 0;
  // Each moment counts for the innermost thing that has a name here.
  const until = (ts) => {
    const to = Math.min(Math.max(ts, now), end.ts);
    const named = open.findLast(({ name }) => kind(name) !== undefined);
    if (open.length > 0) {
      const what = named === undefined ? "the browser's own tasks" : kind(named.name);
      spent.set(what, (spent.get(what) ?? 0) + (to - now));
      busy += to - now;
    }
    now = to;
  };
  const close = (ts) => {
    while (open.length > 0 && open.at(-1).end <= ts) {
      until(open.at(-1).end);
      open.pop();
    }
  };
  for (const event of within) {
    close(event.ts);
    until(event.ts);
    open.push({ name: event.name, end: event.ts + event.dur });
  }
  close(Number.POSITIVE_INFINITY);
  const ms = (microseconds) => microseconds / 1_000;
  const whole = end.ts - begin.ts;
  const rows = [...spent].map(([what, time]) => [what, ms(time)]);
  rows.push(["waiting: network, disk, other threads", ms(whole - busy)]);
  return { whole: ms(whole), rows: rows.sort(([, a], [, b]) => b - a) };
}
