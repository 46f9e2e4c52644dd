// Phones of earlier builds, each with its own database, before today's server and in today's app:
// everything that was saved on them arrives once, and what was half written is still there.
import { join } from "node:path";
import { type Page, expect, test } from "@playwright/test";
import {
  type FrozenPhone,
  type Left,
  allKept,
  freeze,
  frozen,
  frozenPhones,
  thaw,
} from "../helpers/frozen.ts";
import { diaryEntry, showAll } from "../helpers/notes.ts";
import {
  APPROVED_BY_NAME,
  atDesk,
  drawsPlan,
  findsEverything,
  finishes,
  live,
} from "../helpers/older.ts";
import {
  ELENA,
  PIN,
  SAMIRA,
  enterFirstTime,
  everythingSent,
  signIn,
  typePin,
  unlock,
} from "../helpers/people.ts";
import { Phone, goTo, setClockOff } from "../helpers/phone.ts";
import { type Build, Server } from "../helpers/server.ts";

const ACCEPTED: unknown = expect.stringMatching(/^\{"accepted":\d+\}$/);
const DAY_MS = 86_400_000;
/** A copy opens for fourteen days without a word from the server. */
const DRAWER_DAYS = 30;

for (const name of frozenPhones()) {
  test(`the phone frozen as ${name} opens without its server, and what it had not sent is sent once`, async () => {
    await thawed(name, 0, async (phone, server, kept) => {
      const page = await phone.open("/");
      await page.evaluate(() => navigator.serviceWorker.ready);
      await server.stop();
      await unlock(page, kept.pin);
      await findsEverything(page, kept, "Sul telefono");
      await drawsPlan(page, kept);
      await server.start();
      await phone.findNetwork();
      await goTo(page, "/oggi");
      const fix = page.getByRole("region", { name: /^Da sistemare/ });
      await fix.getByRole("button", { name: "Entra" }).click();
      await signIn(page, SAMIRA, kept.password);
      await unlock(page, kept.pin);
      await arrivesOnce(page, phone, server, kept);
      await finishes(page, kept);
    });
  });

  test(`the phone frozen as ${name} lay in a drawer for a month: its owner signs in again, and nothing is lost`, async () => {
    await thawed(name, DRAWER_DAYS, async (phone, server, kept) => {
      const page = await phone.open("/");
      await typePin(page, kept.pin);
      const shut = page.getByRole("heading", { name: "Da 14 giorni senza contatto" });
      await expect(shut).toBeVisible({ timeout: 30_000 });
      await page.getByRole("button", { name: "Entra" }).click();
      await signIn(page, SAMIRA, kept.password);
      await unlock(page, kept.pin);
      await arrivesOnce(page, phone, server, kept);
    });
  });
}

const EARLIER = process.env["EARLIER"];

// By hand, from a folder of an earlier build: see fixtures/phones/README.md.
if (EARLIER !== undefined) {
  test("an update from an earlier build is taken with a form open, and nothing is lost", async () => {
    const build = { binary: join(EARLIER, "release/percorso"), site: join(EARLIER, "site") };
    await standing(new Map(), build, async (server, phone) => {
      const left = await live(server, phone);
      const page = phone.page;
      server.catchUp();
      await server.start();
      await phone.findNetwork();
      await page.evaluate(async () => {
        await (await navigator.serviceWorker.ready).update();
      });
      await expect(page.getByText("Aggiornamento pronto.")).toBeVisible({ timeout: 30_000 });
      await page.getByRole("button", { name: "Aggiorna" }).click();
      await unlock(page);
      await arrivesOnce(page, phone, server, left);
      await finishes(page, left);
    });
  });
}

const FREEZE = process.env["FREEZE"];

// Makes a file for the journeys above: see fixtures/phones/README.md.
if (FREEZE !== undefined) {
  test("freeze", async () => {
    await standing(new Map(), undefined, async (server, phone) => {
      const left = await live(server, phone);
      const at = Date.now();
      await phone.close();
      await server.start();
      const kept = await allKept(await phone.open("/robots.txt"));
      await phone.close();
      await server.stop("SIGTERM");
      freeze(FREEZE, { ...kept, ...left, at, pin: PIN }, server.databaseFiles);
    });
  });
}

/** A server and a phone that are gone afterwards. */
async function standing(
  files: Map<string, Buffer>,
  build: Build | undefined,
  walk: (server: Server, phone: Phone) => Promise<void>,
): Promise<void> {
  const server = await Server.bare(files, build);
  const phone = new Phone(server.origin);
  try {
    await walk(server, phone);
    expect(phone.errors).toEqual([]);
  } finally {
    await phone.remove();
    await server.remove();
  }
}

/** A phone that was put away, with its server; its clock goes on so many days later. */
async function thawed(
  name: string,
  days: number,
  walk: (phone: Phone, server: Server, kept: FrozenPhone) => Promise<void>,
): Promise<void> {
  const { phone: kept, files } = frozen(name);
  await standing(files, undefined, async (server, phone) => {
    await thaw(await phone.open("/robots.txt"), kept);
    await setClockOff(phone, kept.at + days * DAY_MS - Date.now());
    // From the locked screen it would go sealed: here the app itself sends what it had not sent.
    await phone.context.route("**/api/v1/sealed", (route) => route.abort());
    await walk(phone, server, kept);
    const sent = await phone.traffic.sent();
    for (const op of unsent(kept)) expect(sent).toContain(op);
  });
}

/** What lay in a phone's outbox when it was put away. */
function unsent({ databases }: FrozenPhone): string[] {
  const ops = databases.flatMap(({ stores }) => Object.keys(stores["outbox"] ?? {}));
  if (ops.length === 0) throw new Error("the frozen phone had sent everything");
  return ops;
}

/** All that the phone sends is taken in once, and who opens the family elsewhere has it once. */
async function arrivesOnce(page: Page, phone: Phone, server: Server, left: Left): Promise<void> {
  await everythingSent(page);
  await findsEverything(page, left, "Accettato");
  await drawsPlan(page, left, APPROVED_BY_NAME);
  await expect.poll(() => server.attachments.length).toBe(1);
  // What was offered before its owner signed in again had no answer.
  const sent = [...new Set(await phone.traffic.sent())];
  for (const op of sent) expect(phone.traffic.outcomes.get(op), op).toEqual([ACCEPTED]);
  if (left.plan !== undefined) await atDesk(server, (desk) => isRead(desk, left, sent));
}

/** The social worker reads it on another device. */
async function isRead(desk: Phone, left: Left, ops: string[]): Promise<void> {
  const page = await enterFirstTime(desk, { ...ELENA, password: left.plan?.reader });
  await drawsPlan(page, left, APPROVED_BY_NAME);
  await goTo(page, `${left.family}/diario`);
  await showAll(page);
  for (const words of [left.saved, left.plan?.visit ?? ""]) {
    await expect(diaryEntry(page, words)).toHaveCount(1);
  }
  await desk.traffic.sent();
  for (const op of ops) expect(desk.traffic.received.get(op), op).toBe(1);
}
