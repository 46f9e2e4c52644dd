// A phone's bad days: two tabs, an update while somebody types, a store of an older build, a clock
// that is days off, an app that has died. Each time everything written is still there.
import { type Page, expect } from "@playwright/test";
import { diaryEntry, draftKept, noteField, saveNote, typeNote } from "../helpers/notes.ts";
import { ELENA, SAMIRA, enterFirstTime, everythingSent, unlock } from "../helpers/people.ts";
import { goTo, setClockOff } from "../helpers/phone.ts";
import { familyPath } from "../helpers/screens.ts";
import { EARLIER, outdate, rewrite } from "../helpers/store.ts";
import { test } from "../helpers/test.ts";

const SAVED = "Il corso comincia giovedì, aula 4.";
const TYPED = "Non ancora salvato: la bambina ha la febbre.";
const DAY_MS = 86_400_000;

test("two tabs write without a network: each sees the other, everything is sent once", async ({
  server,
  device,
}) => {
  const phone = device();
  const first = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(first);
  const second = await phone.openTab(`${family}/diario`);
  await unlock(second);
  await server.stop();
  await saveNote(first, family, "Scritto nella prima scheda.");
  await saveNote(second, family, "Scritto nella seconda scheda.");
  for (const page of [first, second]) {
    await goTo(page, `${family}/diario`);
    await expect(diaryEntry(page, "Scritto nella prima scheda.")).toHaveCount(1);
    await expect(diaryEntry(page, "Scritto nella seconda scheda.")).toHaveCount(1);
  }
  await server.start();
  await phone.findNetwork();
  await everythingSent(first);
  await everythingSent(second);
  const sent = await phone.traffic.sent();
  expect(sent.length, "by whichever tab").toBe(2);
  expect(new Set(sent).size).toBe(2);
  const desk = device("desk");
  await enterFirstTime(desk, ELENA);
  await desk.traffic.sent();
  for (const op of sent) expect(desk.traffic.received.get(op), op).toBe(1);
  expect([...phone.errors, ...desk.errors]).toEqual([]);
});

test("a tab that was told nothing of what another has written still sends what is written in it", async ({
  device,
}) => {
  const phone = device();
  await enterFirstTime(phone, SAMIRA);
  // As in a browser where tabs cannot tell each other anything.
  await phone.context.addInitScript(() => {
    BroadcastChannel.prototype.postMessage = () => undefined;
  });
  const first = await phone.open("/");
  await unlock(first);
  const family = await familyPath(first);
  const second = await phone.openTab(`${family}/diario`);
  await unlock(second);
  await everythingSent(second);
  await saveNote(first, family, "Scritto nella prima scheda.");
  await everythingSent(first);
  await saveNote(second, family, "Scritto nella seconda scheda.");
  await everythingSent(second);
  expect((await phone.traffic.sent()).length).toBe(2);
  expect(phone.errors).toEqual([]);
});

test("an update taken in one tab takes the other along, and what is typed in both stays", async ({
  server,
  device,
}) => {
  const phone = device();
  const first = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(first);
  const other = await otherFamily(first, family);
  const second = await phone.openTab(`${other}/diario`);
  await unlock(second);
  await server.update();
  await first.evaluate(async () => {
    await (await navigator.serviceWorker.ready).update();
  });
  await expect(first.getByText("Aggiornamento pronto.")).toBeVisible({ timeout: 30_000 });
  await typeNote(first, family, TYPED);
  // Typed right before: it must reach the disk before the page goes.
  await typeNote(second, other, `${TYPED} Due.`);
  await first.getByRole("button", { name: "Aggiorna" }).click();
  for (const [page, at, words] of [
    [first, family, TYPED],
    [second, other, `${TYPED} Due.`],
  ] as const) {
    await unlock(page);
    await goTo(page, `${at}/diario`);
    await page.getByRole("button", { name: "Nuova nota" }).click();
    await expect(noteField(page)).toHaveValue(words);
  }
  expect(phone.errors).toEqual([]);
});

for (const layout of EARLIER) {
  test(`a store of layout ${layout.version} opens with everything in it`, async ({
    server,
    device,
  }) => {
    const phone = device();
    let page = await enterFirstTime(phone, SAMIRA);
    const family = await familyPath(page);
    await server.stop();
    await saveNote(page, family, SAVED);
    await typeNote(page, family, TYPED);
    await draftKept(page);
    await phone.close();
    await server.start();
    page = await phone.open("/robots.txt");
    expect(await rewrite(page, layout)).toBe(1);
    await server.stop();
    page = await phone.open(`${family}/diario`);
    await unlock(page);
    await expect(diaryEntry(page, SAVED)).toBeVisible();
    await page.getByRole("button", { name: "Nuova nota" }).click();
    await expect(noteField(page)).toHaveValue(TYPED);
    await server.start();
    await phone.findNetwork();
    await everythingSent(page);
    await expect(diaryEntry(page, SAVED).getByText("Accettato")).toBeVisible();
    expect(phone.errors).toEqual([]);
  });
}

test("a store that a newer build has taken over is said, and nothing is touched", async ({
  device,
}) => {
  const phone = device();
  const page = await enterFirstTime(phone, SAMIRA);
  await outdate(page);
  await page.goto("/oggi");
  await expect(page.getByText("c’è una versione più nuova di Percorso")).toBeVisible();
  await page.getByRole("button", { name: "Ricarica la pagina" }).click();
  await expect(page.getByText("c’è una versione più nuova di Percorso")).toBeVisible();
});

for (const days of [3, -3]) {
  const way = days > 0 ? "avanti" : "indietro";
  test(`a clock three days ${days > 0 ? "fast" : "slow"} is said and stops nothing`, async ({
    device,
  }) => {
    const phone = device();
    await phone.open("/robots.txt");
    await setClockOff(phone, days * DAY_MS);
    const page = await enterFirstTime(phone, SAMIRA);
    const family = await familyPath(page);
    await saveNote(page, family, SAVED);
    await everythingSent(page);
    await expect(diaryEntry(page, SAVED).getByText("Accettato")).toBeVisible();
    await goTo(page, "/altro");
    const said = `L’orologio di questo telefono è ${way} di 3 giorni.`;
    await expect(page.getByText(said)).toBeVisible();
    const desk = device("desk");
    const reader = await enterFirstTime(desk, ELENA);
    await goTo(reader, `${family}/diario`);
    await expect(diaryEntry(reader, SAVED)).toBeVisible();
    await goTo(reader, "/altro");
    await expect(reader.getByText("L’orologio di questo telefono")).toHaveCount(0);
    expect(phone.errors).toEqual([]);
  });
}

test("an app that has died says so, and what was typed is there after loading it anew", async ({
  device,
}) => {
  const phone = device();
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await typeNote(page, family, TYPED);
  await draftKept(page);
  // Without chance there are no ids: the app cannot go on, and must not pretend to.
  await page.evaluate(() => {
    crypto.getRandomValues = () => {
      throw new Error("no chance");
    };
  });
  await page.getByRole("button", { name: "Salva" }).click();
  await expect(page.getByRole("heading", { name: "Percorso si è fermato" })).toBeVisible();
  await page.getByRole("link", { name: "Ricarica" }).click();
  await unlock(page);
  await goTo(page, `${family}/diario`);
  await page.getByRole("button", { name: "Nuova nota" }).click();
  await expect(noteField(page)).toHaveValue(TYPED);
});

/** The address of another family than this one. */
async function otherFamily(page: Page, family: string): Promise<string> {
  await goTo(page, "/famiglie");
  const links = page.getByRole("link").filter({ has: page.getByRole("heading", { level: 3 }) });
  for (const link of await links.all()) {
    const path = await link.getAttribute("href");
    if (path !== null && path !== family) return path;
  }
  throw new Error("there is only one family");
}
