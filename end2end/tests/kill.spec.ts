// The browser is killed while somebody writes, and the server while it takes what was written, in
// turn and at random moments. Whatever a screen had shown as saved is there the next time, with all
// that belongs to it; of what was being typed no more than the last moments are missing; the server
// has each thing once; and whoever finds the dead phone finds no word.
import { setTimeout as wait } from "node:timers/promises";
import { type Page, expect } from "@playwright/test";
import { Chance } from "../helpers/chance.ts";
import { NAMES, filesWith } from "../helpers/disk.ts";
import { diaryEntry, noteField, saveNote, showAll, typeNote } from "../helpers/notes.ts";
import { ELENA, SAMIRA, enterFirstTime, everythingSent, unlock } from "../helpers/people.ts";
import { type Phone, goTo } from "../helpers/phone.ts";
import { familyPath } from "../helpers/screens.ts";
import type { Server } from "../helpers/server.ts";
import { test } from "../helpers/test.ts";
import { isPush } from "../helpers/traffic.ts";

/** How often the browser is killed, and how often the server: a few times in every run, `KILLS=50`
 * before a release. */
const KILLS = Number(process.env["KILLS"] ?? 4);
/** Draws the moments; the same seed draws the same ones. */
const SEED = Number(process.env["KILL_SEED"] ?? 1);
/** How long somebody saves one thing after the other before the battery dies. */
const SAVING_MS = { min: 150, max: 3_500 };
/** How long somebody types before the battery dies. */
const TYPING_MS = { min: 2_500, max: 5_000 };
/** How long the server may work on what it was sent before it dies. */
const PUSH_MS_MAX = 15;
/** After how long typed words are on disk. The app promises one second; the other is for a machine
 * that does much else. */
const TYPED_MS_MAX = 2_000;
/** Begins everything that is written here. */
const CANARY = "Zibaldone";
/** What nobody may find. */
const CANARIES = [CANARY, ...NAMES];
/** How a visit's rating is told in the diary. */
const RATED = "più del previsto";

test(`${KILLS} kills of the browser and ${KILLS} of the server lose nothing that was saved`, async ({
  server,
  device,
}) => {
  test.setTimeout(300_000 + KILLS * 60_000);
  console.log(`KILL_SEED=${SEED}`);
  const phone = device();
  let page = await enterFirstTime(phone, SAMIRA);
  const writer = new Writer(new Chance(SEED), await familyPath(page));
  // In good order once: a browser writes its cookies to disk only every half minute.
  await phone.close();
  page = await phone.open(writer.diary);
  await unlock(page);
  // The alarm is tried out: what the app may keep in clear is found.
  expect(filesWith(phone.profile, "percorso.language")).not.toEqual([]);

  let cut = 0;
  for (let kill = 1; kill <= KILLS; kill += 1) {
    await server.start();
    await phone.findNetwork();
    cut += Number(await killServer(server, phone, writer));
    await writer.expectSaved(page, `after the server's kill ${kill}`);
    if (writer.chance.oneIn(2)) {
      await server.start();
      await phone.findNetwork();
      await everythingSent(page);
      await writer.expectSaved(page, `sent after the server's kill ${kill}`, "Accettato");
    }

    await killBrowser(phone, writer, kill % 3 === 0);
    expectNoWord(phone, server);
    page = await phone.open(writer.diary);
    await unlock(page);
    await writer.expectTyped(page);
    await writer.expectSaved(page, `after the browser's kill ${kill}`);
  }
  expect(writer.saved.size).toBeGreaterThanOrEqual(KILLS);

  await server.start();
  await phone.findNetwork();
  await everythingSent(page);
  await writer.expectSaved(page, "in the end", "Accettato");
  const desk = device("desk");
  const reader = await enterFirstTime(desk, ELENA);
  await goTo(reader, writer.diary);
  await writer.expectSaved(reader, "on another device");
  await desk.traffic.sent();
  const sent = new Set(phone.traffic.deliveries.flatMap((delivery) => delivery.ops));
  for (const op of [...sent, ...phone.traffic.outcomes.keys()]) {
    expect(desk.traffic.received.get(op), `op ${op}`).toBe(1);
  }
  expect([...phone.errors, ...desk.errors]).toEqual([]);
  await phone.close();
  expectNoWord(phone, server);
  console.log(
    `${KILLS} kills of the browser, ${KILLS} of the server (${cut} of them before it had answered): ` +
      `${writer.saved.size} things saved, none lost; ${writer.typed} times typed, none lost; ` +
      `${CANARIES.length} words looked for ${KILLS + 1} times on the phone's disk and in the ` +
      `server's log, none found`,
  );
});

/** Somebody who writes about one family, and knows what a screen had shown as saved. */
class Writer {
  readonly chance: Chance;
  readonly diary: string;
  /** Words of each thing that was saved, and what else its entry says. */
  readonly saved = new Map<string, string[]>();
  /** How often typed words had to be there, and were. */
  typed = 0;
  readonly #family: string;
  #written = 0;
  /** What was typed last and never saved, and when. */
  #typing: { words: string; at: number }[] = [];
  #diedAt = 0;

  constructor(chance: Chance, family: string) {
    this.chance = chance;
    this.#family = family;
    this.diary = `${family}/diario`;
  }

  /** Saves a note or a visit with a rating, and remembers it once the diary has it. */
  async save(page: Page): Promise<void> {
    const words = this.#words();
    const isVisit = this.#written % 3 === 0;
    if (isVisit) await recordVisit(page, this.#family, words);
    else await saveNote(page, this.#family, words);
    this.saved.set(words, isVisit ? [RATED] : []);
  }

  /** Types on and on. */
  async type(page: Page): Promise<void> {
    const words = this.#words();
    await typeNote(page, this.#family, words);
    for (let typed = words; ; typed += " e poi") {
      await noteField(page).fill(typed);
      this.#typing.push({ words: typed, at: Date.now() });
    }
  }

  die(): void {
    this.#diedAt = Date.now();
  }

  /** Expects what was being typed, but for the last moments. */
  async expectTyped(page: Page): Promise<void> {
    const typing = this.#typing.splice(0);
    const must = typing.filter(({ at }) => at < this.#diedAt - TYPED_MS_MAX).at(-1);
    if (must === undefined) return;
    await page.getByRole("button", { name: "Nuova nota" }).click();
    await expect(noteField(page)).toHaveValue(new RegExp(`^${must.words}( e poi)*$`));
    await page.getByRole("button", { name: "Lascia stare" }).click();
    this.typed += 1;
  }

  /** Expects everything that was saved, each once and whole. */
  async expectSaved(page: Page, when: string, receipt = ""): Promise<void> {
    await expect(async () => {
      await goTo(page, this.diary);
      await showAll(page);
      const entries = await page.getByRole("listitem").allInnerTexts();
      for (const [words, rest] of this.saved) {
        const found = entries.filter((entry) => entry.includes(words));
        expect(found, `${words} ${when}`).toHaveLength(1);
        for (const part of [...rest, receipt]) expect(found[0], `${words} ${when}`).toContain(part);
      }
    }).toPass({ timeout: 20_000 });
  }

  #words(): string {
    this.#written += 1;
    return `${CANARY}-${String(this.#written).padStart(4, "0")}`;
  }
}

async function recordVisit(page: Page, family: string, words: string): Promise<void> {
  await goTo(page, `${family}/visita/nuova`);
  const parts = page.getByRole("navigation", { name: "Parti della visita" });
  await parts.getByRole("button", { name: /^1\. / }).click();
  const voice = page.getByRole("group", { name: "Secondo la famiglia" });
  await voice.locator("label").filter({ hasText: "+1" }).click();
  await parts.getByRole("button", { name: "In breve" }).click();
  await page.getByLabel("Che cosa è successo, in breve").fill(words);
  await page.getByRole("button", { name: "Chiudi visita" }).click();
  await page.waitForURL(`**${family}`);
  await goTo(page, `${family}/diario`);
  await expect(diaryEntry(page, words)).toBeVisible();
}

/** Kills the server at some moment after something was sent to it, while more is written. Says
 * whether it died without an answer. */
async function killServer(server: Server, phone: Phone, writer: Writer): Promise<boolean> {
  const { page } = phone;
  const lifeMs = writer.chance.below(PUSH_MS_MAX);
  let isOver = false;
  const death = phone.context
    .waitForEvent("request", { predicate: isPush, timeout: 30_000 })
    .then(async (request) => {
      await wait(lifeMs);
      await server.stop();
      return (await request.response()) === null;
    })
    .finally(() => (isOver = true));
  death.catch(() => undefined);
  do await writer.save(page);
  while (!isOver);
  return death;
}

/** Kills the browser at some moment while somebody types, or saves one thing after the other. */
async function killBrowser(phone: Phone, writer: Writer, isTyping: boolean): Promise<void> {
  const { page } = phone;
  const { min, max } = isTyping ? TYPING_MS : SAVING_MS;
  let isDead = false;
  const death = wait(min + writer.chance.below(max - min)).then(async () => {
    isDead = true;
    writer.die();
    await phone.kill();
  });
  while (!isDead) {
    try {
      await (isTyping ? writer.type(page) : writer.save(page));
    } catch (error) {
      if (!isDead) throw error;
    }
  }
  await death;
}

/** Nothing of a family may lie readable on a locked phone or in the server's log. */
function expectNoWord(phone: Phone, server: Server): void {
  for (const word of CANARIES) {
    expect(filesWith(phone.profile, word), `files that hold «${word}»`).toEqual([]);
    expect(server.log.includes(word), `the server's log holds «${word}»`).toBe(false);
  }
}
