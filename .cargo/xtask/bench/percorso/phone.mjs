// Percorso as a person meets it: the release app in the page, signed in through its own pages,
// every figure from the marks that the app itself leaves on the browser's timeline
// (`percorso:…`, app/src/driver.rs).
//
// What is measured: first sync, from after the unlock on an empty copy until every family is
// decrypted in memory and sealed on disk; sending, from the first request until the last receipt is
// on disk; idle, one request and its answer; unlock, from the derived key until the copy is folded
// in memory, and until the first screen with it is drawn. The peers are measured from call to promise, which leaves out no more of their work.
import { PULLED, PUSHED } from "../peers.mjs";
import { countTraffic, within } from "../measure.mjs";
import { traced } from "../trace.mjs";
import { openDiary } from "./notes.mjs";
import { LOGIN, OtherDevice, PASSWORD, digest } from "./world.mjs";

const PIN = "27182845";

/** The two halves of an unlock, as a trace names them: until in memory is a part of until drawn. */
export const UNLOCKING = [
  { key: "unlock_folded", what: "unlock, until in memory", name: "percorso:unlock" },
  { key: "unlock_10k", what: "unlock, until drawn", name: "bench:drawn" },
];

const isSync = (path) => path === "/api/v1/sync";

/** Asks the page until it answers something. */
export async function until(page, seconds, what, look, argument) {
  const wait = async () => {
    for (;;) {
      const seen = await page.evaluate(look, argument);
      if (seen) return seen;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  return within(seconds, what, wait());
}

export const measured = (page, name) =>
  until(page, 60, name, (name) => performance.getEntriesByName(name)[0]?.duration, name);

export const forget = (page) =>
  page.evaluate(() => (performance.clearMarks(), performance.clearMeasures()));

export async function signIn(page, origin) {
  await page.goto(origin);
  await page.waitForURL("**/accesso*");
  await page.getByLabel("Nome utente").fill(LOGIN);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Continua" }).click();
  await page.getByLabel("PIN o frase segreta", { exact: true }).fill(PIN);
  await page.getByLabel("Ancora una volta", { exact: true }).fill(PIN);
  await page.getByRole("button", { name: "Usa questo PIN" }).click();
}

export async function unlock(page) {
  const keypad = page.getByRole("group", { name: "Tastiera del PIN" });
  for (const digit of PIN) await keypad.getByRole("button", { name: digit, exact: true }).click();
  await keypad.getByRole("button", { name: "Apri" }).click();
}

/** Unlocks, and says what it took from the derived key until the first screen was drawn, and of
 * that until the copy lay folded in memory. */
export async function opening(page) {
  await page.evaluate(() => {
    const look = () => {
      const seen = document.querySelector("nav a[href='/famiglie']");
      if (seen) requestAnimationFrame(() => setTimeout(() => (window.drawnAt = performance.now())));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await unlock(page);
  const folded = await measured(page, "percorso:unlock");
  const drawn = await until(page, 60, "the first screen", () => {
    const [from] = performance.getEntriesByName("percorso:unlocked");
    if (!window.drawnAt || !from) return undefined;
    const span = { start: from.startTime, end: window.drawnAt };
    return performance.measure("bench:drawn", span).duration;
  });
  return { drawn, folded };
}

/**
 * One sync with nothing to do, as the browser asks for it when the network comes back. The
 * position that it sends must be the server's own: proof that the phone has read everything.
 */
async function idle(page, traffic, heads) {
  await forget(page);
  await traffic.take();
  const asked = page.waitForRequest((request) => isSync(new URL(request.url()).pathname));
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  // The number has up to twenty digits, more than JSON.parse keeps.
  const [, told] = /"digest":(\d+)/.exec((await asked).postData() ?? "") ?? [];
  if (BigInt(told ?? 0) !== digest(heads)) throw new Error("the phone has not read everything");
  const ms = await measured(page, "percorso:sync");
  return { ms, ...(await traffic.take()) };
}

/** Writes notes, to the families in turn. */
async function writeNotes(page, families, count) {
  const each = Math.ceil(count / families.length);
  let left = count;
  for (const { scope } of families) {
    const many = Math.min(each, left);
    if (many === 0) break;
    await openDiary(page, `a[href="/famiglia/${scope}"]`);
    const write = page.evaluate(async (many) => {
      const { writer } = window;
      const words = "Preferisce che la chiamiamo dopo le quattro; il corso comincia a marzo e ";
      for (let i = 0; i < many; i += 1) {
        await writer.type(`${i + 1}. ${words}la vicina tiene i bambini il giovedì mattina.`);
        writer.save();
        await writer.seen(() => !document.querySelector("#entry-text"));
      }
    }, many);
    await within(120, "writing notes", write);
    left -= many;
  }
}

async function push(page, traffic, device) {
  const { families, count } = await device.read();
  await page.context().setOffline(true);
  await writeNotes(page, families, PUSHED);
  // The app's own word that all of them wait.
  await page.getByText(`${PUSHED} sul telefono`).first().waitFor();
  await traffic.take();
  await forget(page);
  await page.context().setOffline(false);
  await measured(page, "percorso:push");
  const ms = await page.evaluate(() => {
    // From the first mark to the end of the measure that found nothing unsent.
    const [first] = performance.getEntriesByName("percorso:push-start");
    const [sent] = performance.getEntriesByName("percorso:push");
    return sent.startTime + sent.duration - first.startTime;
  });
  const pushed = await traffic.take();
  const after = await device.read();
  if (after.count !== count + PUSHED) throw new Error(`the server has ${after.count - count} edits`);
  return { ms, bytes: pushed.bytes, heads: after.heads };
}

/**
 * One run with a fresh server, a fresh origin, hence an empty phone. `traces`, where it is given,
 * gets where the time of each measure went.
 */
export async function runPercorso(browser, world, traces) {
  const server = await world.start();
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  try {
    const device = await OtherDevice.signIn(server.origin);
    const { heads, count } = await device.read();
    if (count !== PULLED) throw new Error(`the server holds ${count} operations`);
    const traffic = await countTraffic(page, isSync);
    const watched = async (measures, act) => {
      if (traces === undefined) return act();
      const seen = await traced(page, measures, act);
      traces.push(...seen.traces);
      return seen.result;
    };
    const first = { key: "pull_10k", what: "first sync", name: "percorso:first-sync" };
    const pull = await watched([first], async () => {
      await signIn(page, server.origin);
      return measured(page, "percorso:first-sync");
    });
    const pulled = await traffic.take();
    const asking = { key: "idle", what: "idle sync", name: "percorso:sync" };
    const quiet = await watched([asking], () => idle(page, traffic, heads));
    await page.reload();
    const opened = await watched(UNLOCKING, () => opening(page));
    const sending = { key: "push_500", what: "send", name: "percorso:push" };
    const sent = await watched([sending], () => push(page, traffic, device));
    await idle(page, traffic, sent.heads);
    if (errors.length > 0) throw new Error(errors.join("\n"));
    return {
      pull_10k_ms: pull,
      pull_10k_bytes: pulled.bytes,
      push_500_ms: sent.ms,
      push_500_bytes: sent.bytes,
      idle_ms: quiet.ms,
      idle_requests: quiet.requests,
      idle_bytes: quiet.bytes,
      idle_body_bytes: quiet.body,
      unlock_10k_ms: opened.drawn,
      unlock_folded_ms: opened.folded,
    };
  } finally {
    await page.context().setOffline(false);
    await page.close();
    // Cookies know no ports: ours would be sent to the peers' servers, and counted there.
    await browser.clearCookies();
    await server.stop();
  }
}
