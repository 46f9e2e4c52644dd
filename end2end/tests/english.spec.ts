// The same work in English: whoever chooses it in Altro finds every name in English, until the
// app is closed and opened again.
import { type Page, expect } from "@playwright/test";
import { SAMIRA, enterFirstTime, everythingSent, unlock } from "../helpers/people.ts";
import { chooseLanguage, familyPath } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";

const NOTE = "Amina asks for a course in the evening.";
const SUMMARY = "Amina spoke to the teacher by herself.";
// Words of the screens, which nobody's own words hold.
const ITALIAN =
  /\b(Salva|Salvat[ao]|Indietro|Annulla|Lascia stare|Obiettivi|Prossimo passo|Sul telefono|Accettato|Visto|Serve una mano|Tutto inviato|Entro quando|Secondo te)\b/;

test("a day's work in English, from the language in Altro to the answer of the family", async ({ device }) => {
  const phone = device();
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await chooseLanguage(page, "English");
  await expectEnglish(page, "More");

  await test.step("a family is found by its name, and a note is written", async () => {
    await follow(page, "Families");
    await expectEnglish(page, "Families");
    await page.getByRole("searchbox", { name: "Search for a family, in any script" }).fill("hassan");
    await page.locator(`a[href="${family}"]`).click();
    await expectEnglish(page, /^The Hassan family/);
    await follow(page, "Diary");
    await press(page, "New note");
    await page.getByLabel("What you want to remember").fill(NOTE);
    await press(page, "Save");
    await expect(page.getByText("Note saved. On this phone.")).toBeVisible();
    await expect(page.getByRole("listitem").filter({ hasText: NOTE })).toContainText("Accepted");
  });

  await test.step("a visit is recorded", async () => {
    await follow(page, "Plan");
    await follow(page, "Start visit");
    await expectEnglish(page, "Visit: The Hassan family");
    await tap(page, "Who was there", /Amina/);
    await tap(page, "Where", "At home");
    await press(page, "1. Italian language");
    await tap(page, "What the family says", "+1");
    await tap(page, "What you say", "0");
    await tap(page, "What you did", "Reinforced");
    await expectEnglish(page, "Visit: The Hassan family");
    await press(page, "In short");
    await page.getByLabel("What happened, in short").fill(SUMMARY);
    await press(page, "Close visit");
    await expect(page.getByText("Visit closed. On this phone.")).toBeVisible();
  });

  await test.step("the plan is proposed and the family's answer written down", async () => {
    await press(page, "Propose to the family");
    await expect(page.getByText("Plan proposed. On this phone.")).toBeVisible();
    await press(page, "Record the family’s answer");
    await tap(page, "How they answered", "By word of mouth, with a witness");
    await press(page, "Save the answer");
    await expect(page.getByText("Write the name of the witness.")).toBeVisible();
    await page.getByLabel("Who is the witness").fill("Samira Belhadj");
    await press(page, "Save the answer");
    await expect(page.getByText("Answer saved. On this phone.")).toBeVisible();
    await expectEnglish(page, /^The Hassan family/);
  });

  await test.step("locked and opened again, it is still in English, and all of it was sent", async () => {
    await page.goto("/altro");
    await expect(page.getByLabel("Your PIN")).toBeVisible();
    await unlock(page);
    await expectEnglish(page, "More");
    await everythingSent(page);
    await follow(page, "Today");
    await expectEnglish(page, "Today");
  });
  expect(phone.errors).toEqual([]);
});

async function follow(page: Page, name: string): Promise<void> {
  await page.getByRole("link", { name, exact: true }).first().click();
}

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
}

/** Chips are pressed on their words, as a thumb does. */
async function tap(page: Page, question: string, words: string | RegExp): Promise<void> {
  const chips = page.getByRole("group", { name: question, exact: true });
  await chips.locator("label").filter({ hasText: words }).first().click();
}

async function expectEnglish(page: Page, title: string | RegExp): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expect(page.locator(".ground")).toHaveAttribute("lang", "en");
  expect(await page.locator(".ground").innerText()).not.toMatch(ITALIAN);
}
