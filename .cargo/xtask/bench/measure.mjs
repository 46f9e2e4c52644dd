// What every measurement shares: one browser, the bytes it moves, child processes that end.
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Per key, the median over the runs. */
export function medians(runs) {
  return Object.fromEntries(
    Object.keys(runs[0]).map((key) => [key, median(runs.map((run) => run[key]))]),
  );
}

/** Fails with a name instead of hanging: nothing in a bench may wait for ever. */
export async function within(seconds, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: no end after ${seconds} s`)), seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
process.setMaxListeners(50);

/** A folder that is gone when the bench is, however that ends. */
export function temporary(name) {
  const folder = mkdtempSync(path.join(tmpdir(), `percorso-bench-${name}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once("exit", remove);
  return { folder, remove };
}

/**
 * One Chromium with a profile on disk. A private window would keep IndexedDB in memory and
 * flatter everybody.
 */
export async function openBrowser(flags = []) {
  const profile = temporary("profile");
  const context = await chromium.launchPersistentContext(profile.folder, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [...FLAGS, ...flags],
    viewport: { width: 360, height: 740 },
    locale: "it-IT",
    timezoneId: "Europe/Rome",
    timeout: 60_000,
  });
  return {
    context,
    close: async () => {
      await context.close();
      profile.remove();
    },
  };
}

const sessions = new WeakMap();

/**
 * The session in which a page is slowed down, traced and weighed. It is one and ends with the page:
 * the end of any session brings a page back to the machine's own speed, whoever had slowed it down.
 */
export function protocol(page) {
  if (!sessions.has(page)) sessions.set(page, page.context().newCDPSession(page));
  return sessions.get(page);
}

/** A port that nobody listens on. */
export async function freePort() {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Starts a peer's server as a process of its own, which tells its port when it is seeded. */
export async function startPeer(script, options) {
  const home = temporary("peer");
  const child = fork(script, [JSON.stringify(options)], {
    cwd: home.folder,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    if (child.exitCode === null) process.kill(child.pid, "SIGKILL");
    await ended;
    home.remove();
  };
  try {
    const { port } = await within(
      120,
      path.basename(script),
      Promise.race([
        new Promise((resolve) => child.once("message", resolve)),
        ended.then((code) => Promise.reject(new Error(`${script} ended with ${code}`))),
      ]),
    );
    return { origin: `http://127.0.0.1:${port}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const weight = (headers) =>
  Object.entries(headers).reduce((sum, [k, v]) => sum + Buffer.byteLength(k + v) + 4, 0);

/**
 * Counts requests and bytes of one page, seen from the browser's network layer: request line,
 * headers and body up, and everything down as it came over the wire (compressed). `body` leaves
 * the headers out, which weigh about the same for everybody.
 */
export async function countTraffic(page, matches) {
  const session = await page.context().newCDPSession(page);
  // The browser tells of headers and bodies in any order: everything is kept by request.
  let seen = new Map();
  const of = (id) => {
    if (!seen.has(id)) seen.set(id, { up: 0, upBody: 0, down: 0, downHead: 0, path: null, isOpen: true });
    return seen.get(id);
  };
  await session.send("Network.enable");
  session.on("Network.requestWillBeSent", ({ requestId, request }) => {
    const { pathname, search } = new URL(request.url);
    const one = of(requestId);
    one.path = pathname;
    one.up += request.method.length + pathname.length + search.length + 12;
    for (const { bytes } of request.postDataEntries ?? []) {
      one.upBody += Buffer.from(bytes ?? "", "base64").length;
    }
  });
  session.on("Network.requestWillBeSentExtraInfo", ({ requestId, headers }) => {
    of(requestId).up += weight(headers);
  });
  session.on("Network.responseReceivedExtraInfo", ({ requestId, headersText, headers }) => {
    of(requestId).downHead = headersText ? Buffer.byteLength(headersText) : weight(headers);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    Object.assign(of(requestId), { down: encodedDataLength, isOpen: false });
  });
  session.on("Network.loadingFailed", ({ requestId }) => {
    of(requestId).isOpen = false;
  });
  return {
    /** What went over the wire since the last call. */
    take: async () => {
      // The events of the last response arrive a moment after the page has read it.
      const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      await pause(100);
      const isBusy = () => [...seen.values()].some((one) => one.isOpen && one.path && matches(one.path));
      for (let i = 0; i < 40 && isBusy(); i += 1) await pause(25);
      const ours = [...seen.values()].filter((one) => one.path && matches(one.path));
      seen = new Map();
      const sum = (weigh) => ours.reduce((total, one) => total + weigh(one), 0);
      return {
        requests: ours.length,
        bytes: sum((one) => one.up + one.upBody + one.down),
        body: sum((one) => one.upBody + Math.max(0, one.down - one.downHead)),
      };
    },
  };
}
