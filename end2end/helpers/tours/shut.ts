// A phone that the office keeps out, and a form over a draft that cannot be read.
import { type Page, expect } from "@playwright/test";
import {
  breakReading,
  draftKept,
  mendReading,
  noteField,
  openNote,
  typeNote,
} from "../notes.ts";
import { atTheOffice } from "../office.ts";
import { ADMINISTRATOR, COORDINATOR, SAMIRA, enterFirstTime, signIn, unlock } from "../people.ts";
import { goTo } from "../phone.ts";
import { sendNow, writeNote } from "../plan.ts";
import { type Tour, at, familyPath, within } from "../screens.ts";
import type { Stage } from "../test.ts";
import { of, press } from "./steps.ts";

export const SUSPENDED: Tour = {
  name: "a phone whose owner is suspended",
  begin: async ({ device }) => ({
    page: await enterFirstTime(device(), SAMIRA),
    screens: [
      {
        ...at("oggi-sospeso", "/oggi"),
        prepare: async (page) => {
          const desk = await atTheOffice(() => device("desk"), COORDINATOR);
          await desk.goto("/ufficio/sospensioni");
          const suspend = { name: `Sospendi: ${SAMIRA.name}`, exact: true };
          await desk.getByRole("button", suspend).click();
          await desk.locator("main .notice").waitFor();
          await writeNote(page, await familyPath(page), "Scritto durante la sospensione.");
          await sendNow(page);
          await page.getByText(/^L’ufficio ha sospeso il tuo accesso/).waitFor();
        },
      },
      at("altro-sospeso", "/altro"),
    ],
  }),
};

export const REVOKED: Tour = {
  name: "a phone that was revoked",
  begin: async (stage) => ({
    page: await enterFirstTime(stage.device(), SAMIRA),
    screens: [
      { ...at("oggi-escluso", "/oggi"), prepare: (page) => revoke(stage, page) },
      at("altro-escluso", "/altro"),
    ],
  }),
};

export const APART: Tour = {
  name: "a draft kept apart",
  begin: async ({ device }) => ({
    page: await enterFirstTime(device(), SAMIRA),
    screens: [
      within("main", "nota-bozza-illeggibile", of("/diario"), async (page) => {
        await overUnreadable(page);
        // Whatever comes next reads again.
        await mendReading(page);
      }),
      {
        ...within("main form", "nota-altra-bozza", of("/diario"), async (page) => {
          await openNote(page);
          await page.getByText(/^(C’è anche un’altra bozza|There is another draft)/).waitFor();
        }),
        prepare: async (page) => {
          const family = await familyPath(page);
          await typeNote(page, family, "Amina ha portato i documenti.");
          await draftKept(page);
          await goTo(page, family);
          await goTo(page, `${family}/diario`);
          await overUnreadable(page);
          await mendReading(page);
          await press(page, "Scrivi in una bozza a parte", "Write in a separate draft");
          await noteField(page).fill("Amina ha portato tutti i documenti.");
          await draftKept(page);
        },
      },
      within("main form", "nota-bozza-a-parte", of("/diario"), async (page) => {
        await openNote(page);
        await press(page, "Apri l’altra bozza", "Open the other draft");
        await expect(noteField(page)).toHaveValue("Amina ha portato tutti i documenti.");
      }),
    ],
  }),
};

/** Opens a note while the disk cannot say whether one was begun. */
async function overUnreadable(page: Page): Promise<void> {
  await breakReading(page);
  await openNote(page);
  await page.getByText(/^(Il telefono non riesce a leggere se qui|The phone cannot read whether)/).waitFor();
}

/** The administrator revokes the phone; its owner signs in again and is told. */
async function revoke({ device }: Stage, page: Page): Promise<void> {
  await writeNote(page, await familyPath(page), "Scritto prima di sapere.");
  const desk = await atTheOffice(() => device("desk"), ADMINISTRATOR);
  await desk.goto("/ufficio/telefoni");
  const row = desk.getByRole("row", { name: SAMIRA.name });
  await row.getByRole("button", { name: /^Revoca/ }).click();
  await desk.locator("main .notice").waitFor();
  await sendNow(page);
  await press(page, "Entra", "Sign in");
  await signIn(page, SAMIRA);
  await unlock(page);
  await expect(page.locator("a.sending").first()).toHaveText(/^(Telefono escluso|Phone shut out)/);
}
