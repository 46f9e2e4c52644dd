// The browser closes the store under the open app, a newer build takes it over, or all of it is
// erased: what was said to be saved is there or is sent, what is typed stays, and one sentence says
// what to do where the app cannot help itself.
import { expect } from "@playwright/test";
import { diaryEntry, draftKept, noteField, saveNote, typeNote } from "../helpers/notes.ts";
import {
  ELENA,
  PIN,
  SAMIRA,
  enterFirstTime,
  everythingSent,
  typePin,
  unlock,
} from "../helpers/people.ts";
import { goTo } from "../helpers/phone.ts";
import { familyPath } from "../helpers/screens.ts";
import { StoreCloser, TODAY, rewrite, slowRecord, takeOver } from "../helpers/store.ts";
import { test } from "../helpers/test.ts";

const SAVED = "Il corso comincia giovedì, aula 4.";
const TYPED = "Non ancora salvato: la bambina ha la febbre.";
/** How long it takes to record what is to be interrupted. */
const RECORD_MS = 15_000;
/** What the store's library throws when a write that has failed is then called off as well: it
 * listens no more. Nothing of the app runs then. */
const HEARD_TWICE = "closure invoked recursively or after being dropped";

test("a store that the browser closes is opened anew, and nobody notices", async ({
  server,
  device,
}) => {
  const phone = device("phone", { isWhole: true });
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  const closer = await StoreCloser.beside(page);
  await server.stop();
  await saveNote(page, family, SAVED);
  await typeNote(page, family, TYPED.slice(0, 20));
  await closeStore();
  await noteField(page).fill(TYPED);
  await draftKept(page);
  await closeStore();
  await page.reload();
  await unlock(page);
  await goTo(page, `${family}/diario`);
  await expect(diaryEntry(page, SAVED)).toHaveCount(1);
  await page.getByRole("button", { name: "Nuova nota" }).click();
  await expect(noteField(page)).toHaveValue(TYPED);
  await closeStore();
  await page.getByRole("button", { name: "Salva" }).click();
  await expect(diaryEntry(page, TYPED)).toBeVisible();
  await closeStore();
  await server.start();
  await phone.findNetwork();
  await everythingSent(page);
  for (const words of [SAVED, TYPED]) {
    await expect(diaryEntry(page, words).getByText("Accettato")).toBeVisible();
  }
  expect(phone.errors).toEqual([]);

  async function closeStore(): Promise<void> {
    await closer.aim();
    await closer.close();
  }
});

test("a store closed in the midst of a write: Save says so, and works the next time", async ({
  server,
  device,
}) => {
  const phone = device("phone", { isWhole: true });
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  const closer = await StoreCloser.beside(page);
  await server.stop();
  const notes = [1, 2, 3, 4].map((note) => `Nota ${note} fine`);
  for (const words of notes) {
    await typeNote(page, family, words);
    await draftKept(page);
    await closer.aim();
    const begun = slowRecord(page, RECORD_MS);
    await page.getByRole("button", { name: "Salva" }).click();
    await begun;
    await closer.close();
    const notSaved = page.getByText(/^Non è salvato: il telefono (non riesce a scrivere|ha chiuso)/);
    await expect(notSaved).toBeVisible();
    await expect(noteField(page)).toHaveValue(words);
    await expect(diaryEntry(page, words)).toHaveCount(0);
    await page.getByRole("button", { name: "Salva" }).click();
    await expect(diaryEntry(page, words)).toBeVisible();
  }
  await page.reload();
  await unlock(page);
  await goTo(page, `${family}/diario`);
  for (const words of notes) await expect(diaryEntry(page, words)).toHaveCount(1);
  expect(phone.errors.filter((error) => !error.includes(HEARD_TWICE))).toEqual([]);
});

test("a newer build takes the store over: Save says so, and nothing on disk is lost", async ({
  server,
  device,
}) => {
  const phone = device();
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  const newer = await phone.openTab("/robots.txt");
  await page.bringToFront();
  await server.stop();
  await saveNote(page, family, SAVED);
  await typeNote(page, family, TYPED);
  await draftKept(page);
  await takeOver(newer);
  await page.getByRole("button", { name: "Salva" }).click();
  await expect(
    page.getByText("Non è salvato: in un’altra scheda c’è una versione più nuova. Copia il testo"),
  ).toBeVisible();
  await expect(noteField(page)).toHaveValue(TYPED);
  await expect(diaryEntry(page, TYPED)).toHaveCount(0);
  await page.reload();
  await typePin(page, PIN);
  await expect(page.getByText("c’è una versione più nuova di Percorso")).toBeVisible({
    timeout: 30_000,
  });
  await page.close();

  await server.start();
  expect(await rewrite(newer, TODAY)).toBe(1);
  await newer.goto(`${family}/diario`);
  await unlock(newer);
  await newer.getByRole("button", { name: "Nuova nota" }).click();
  await expect(noteField(newer)).toHaveValue(TYPED);
  await everythingSent(newer);
  await expect(diaryEntry(newer, SAVED).getByText("Accettato")).toBeVisible();
  expect(phone.errors).toEqual([]);
});

test("a store erased under the open app: Save says so, and what was saved is sent", async ({
  server,
  device,
}) => {
  const phone = device();
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await server.stop();
  await saveNote(page, family, SAVED);
  await typeNote(page, family, TYPED);
  await phone.erase("indexeddb");
  await page.getByRole("button", { name: "Salva" }).click();
  await expect(
    page.getByText("Non è salvato: il telefono ha chiuso l’archivio. Copia il testo"),
  ).toBeVisible();
  await expect(noteField(page)).toHaveValue(TYPED);
  await expect(diaryEntry(page, TYPED)).toHaveCount(0);
  await server.start();
  await phone.findNetwork();
  const reader = await enterFirstTime(device("desk"), ELENA);
  await goTo(reader, `${family}/diario`);
  await expect(diaryEntry(reader, SAVED)).toHaveCount(1, { timeout: 30_000 });
  await expect(noteField(page)).toHaveValue(TYPED);
  expect(phone.errors).toEqual([]);
});

test("words that cannot be kept while they are typed: the form says so at once", async ({
  device,
}) => {
  const phone = device();
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  const newer = await phone.openTab("/robots.txt");
  await page.bringToFront();
  await typeNote(page, family, TYPED.slice(0, 20));
  await draftKept(page);
  await takeOver(newer);
  await noteField(page).fill(TYPED);
  const notKept = page.getByText("Queste parole non sono sul telefono: in un’altra scheda");
  await expect(notKept).toBeVisible();
});
