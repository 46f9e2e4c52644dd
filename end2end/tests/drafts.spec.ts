// What was typed into a form and never saved: there after a dead battery, gone once somebody gives
// it up or saves it, and told where it went with a family that was given to somebody else.
import { type Locator, type Page, expect } from "@playwright/test";
import { askNow } from "../helpers/lists.ts";
import {
  breakReading,
  diaryEntry,
  draftKept,
  mendReading,
  noteField,
  saveNote,
  typeNote,
} from "../helpers/notes.ts";
import { giveTo } from "../helpers/office.ts";
import { ARTA, SAMIRA, enterFirstTime, unlock } from "../helpers/people.ts";
import { goTo } from "../helpers/phone.ts";
import { sendNow } from "../helpers/plan.ts";
import { familyPath } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";

const FOUND = "Qui c’è ciò che avevi iniziato e non salvato.";
const SAVED = "Amina ha portato i documenti.";
const CORRECTED = "Amina ha portato tutti i documenti.";
const NEW_NAME = "Youssef";

test("a person and a correction that were half-written are there after a dead battery", async ({
  device,
}) => {
  const phone = device();
  let page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await saveNote(page, family, SAVED);
  await correct(page);
  await expect(page.getByText(FOUND)).toHaveCount(0);
  await correction(page).fill(CORRECTED);
  await draftKept(page);
  await addPerson(page, family);
  await page.getByLabel("Nome in lettere latine").fill(NEW_NAME);
  await draftKept(page);
  await phone.kill();

  page = await phone.open(`${family}/persone`);
  await unlock(page);
  await addPerson(page, family);
  await expect(page.getByText(FOUND)).toBeVisible();
  await expect(page.getByLabel("Nome in lettere latine")).toHaveValue(NEW_NAME);
  await page.getByRole("button", { name: "Salva", exact: true }).click();
  await expect(page.getByText("Dati salvati. Sul telefono.")).toBeVisible();
  await addPerson(page, family);
  await expect(page.getByLabel("Nome in lettere latine")).toHaveValue("");

  await goTo(page, `${family}/diario`);
  await correct(page);
  await expect(correction(page)).toHaveValue(CORRECTED);
  await page.getByRole("button", { name: "Lascia stare" }).click();
  await correct(page);
  await expect(correction(page)).toHaveValue(SAVED);
  expect(phone.errors).toEqual([]);
});

test("whoever loses a family is told that an unsaved form went with it", async ({ device }) => {
  const phone = device();
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await phone.context.setOffline(true);
  await typeNote(page, family, SAVED);
  await draftKept(page);
  await giveTo(device("desk"), family, SAMIRA, ARTA);
  await phone.context.setOffline(false);
  await sendNow(page);
  const told = /Famiglia Hassan non è più affidata a te\..*non salvato \(1\): una nota\./;
  await expect(page.getByText(told)).toBeVisible({ timeout: 30_000 });

  await giveTo(device("desk"), family, ARTA, SAMIRA);
  await askNow(page);
  await goTo(page, "/famiglie");
  await expect(page.getByRole("heading", { level: 3, name: /Hassan/ })).toBeVisible();
  await goTo(page, `${family}/diario`);
  await page.getByRole("button", { name: "Nuova nota" }).click();
  await expect(noteField(page)).toHaveValue("");
  expect(phone.errors).toEqual([]);
});

test("while the disk cannot read what was left in a form, none is opened over it; what is kept apart is offered later", async ({
  device,
}) => {
  const phone = device();
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await typeNote(page, family, SAVED);
  await draftKept(page);
  await goTo(page, family);
  await breakReading(page);
  await openNote(page, family);
  await expect(unreadable(page)).toBeVisible();
  await expect(noteField(page)).toHaveCount(0);

  await mendReading(page);
  await page.getByRole("button", { name: "Scrivi in una bozza a parte" }).click();
  await noteField(page).fill(CORRECTED);
  await draftKept(page);
  await goTo(page, family);
  await openNote(page, family);
  await expect(noteField(page)).toHaveValue(SAVED);
  await page.getByRole("button", { name: "Apri l’altra bozza" }).click();
  await expect(noteField(page)).toHaveValue(CORRECTED);

  await goTo(page, family);
  await breakReading(page);
  await openNote(page, family);
  // The disk is mended after it was asked, not between the tap and the question.
  await expect(unreadable(page)).toBeVisible();
  await mendReading(page);
  await page.getByRole("button", { name: "Riprova" }).click();
  await expect(noteField(page)).toHaveValue(SAVED);
  expect(phone.errors).toEqual([]);
});

function unreadable(page: Page): Locator {
  return page.getByText(/^Il telefono non riesce a leggere se qui/);
}

async function openNote(page: Page, family: string): Promise<void> {
  await goTo(page, `${family}/diario`);
  await page.getByRole("button", { name: "Nuova nota" }).click();
}

/** Opens the correction of the note in the diary that is open. */
async function correct(page: Page): Promise<void> {
  await diaryEntry(page, SAVED).getByRole("button", { name: "Correggi" }).click();
}

function correction(page: Page): Locator {
  return page.getByLabel("Come doveva essere");
}

async function addPerson(page: Page, family: string): Promise<void> {
  await goTo(page, `${family}/persone`);
  await page.getByRole("button", { name: "Aggiungi una persona" }).click();
}
