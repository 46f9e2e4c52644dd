// What a family is handed on paper: a mediator prints the version of the plan, and what was said at a
// visit, without any network, in Italian and in the language that the family reads.
import { type Locator, type Page, expect } from "@playwright/test";
import { goalOn, sheet } from "../helpers/paper.ts";
import { SAMIRA, enterFirstTime } from "../helpers/people.ts";
import { goTo } from "../helpers/phone.ts";
import { familyPath } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";
import { tap } from "../helpers/tours/steps.ts";
import { recordVisit } from "../helpers/visit.ts";

const SAID = "أريد أن أفهم المعلمة من غير أن يترجم ابني.";
const SAID_IN_ITALIAN = "«Voglio capire la maestra, senza mio figlio che traduce.»";
/** What the family said since: it belongs to no version yet. */
const SAID_LATER = "Voglio parlare da sola con la maestra.";
const STEP = "Amina chiede il colloquio sul diario di Youssef";
/** What the tutor writes for the service. */
const SUMMARY = "Il marito non era contento della visita.";
const ABOUT = "Parlare con Amina da sola";

test("the family's plan on paper, offline, in Arabic and in Chinese", async ({ device }) => {
  const samira = device();
  const page = await enterFirstTime(samira, SAMIRA);
  const family = await familyPath(page);
  await everythingKept(page);
  await samira.context.setOffline(true);

  await test.step("from the plan to the sheet, which is the version and not the draft", async () => {
    await goTo(page, family);
    await page.getByRole("link", { name: "Il piano su carta" }).click();
    await expect(page.getByRole("heading", { level: 2, name: "Il piano su carta" })).toBeVisible();
    await expect(page.getByText("Questa è la versione 3. Le modifiche fatte dopo")).toBeVisible();
    await expect(sheet(page)).toContainText("Versione 3, concordata");
    await expect(sheet(page)).toContainText(SAID_IN_ITALIAN);
    await expect(sheet(page)).not.toContainText(SAID_LATER);
  });

  await test.step("Arabic runs from the right, the family's own words beside the Italian", async () => {
    await expect(page.getByLabel("Lingua della famiglia")).toHaveValue("ar");
    const goal = goalOn(page, "Lingua italiana");
    const arabic = goal.locator('> [lang="ar"]');
    await expect(arabic).toHaveAttribute("dir", "rtl");
    await expect(arabic).toHaveCSS("direction", "rtl");
    await expect(arabic.getByRole("heading")).toHaveText("اللغة الإيطالية");
    await expect(arabic.locator(".say")).toHaveText(SAID);
    await expect(goal.locator('> [lang="it"] .say')).toHaveText(SAID_IN_ITALIAN);
    await expect(sheet(page).getByRole("heading", { name: "خطّتنا" })).toBeVisible();
    await expect(sheet(page)).toContainText("عائلة حسن");
    await expect(sheet(page)).not.toContainText(/[٠-٩]/);
  });

  await test.step("what nobody has read over is marked, and promises nothing", async () => {
    const unread = "Testo in arabo non ancora riletto da una persona di madrelingua";
    await expect(sheet(page)).toContainText(unread);
    await expect(page.locator(".notice").filter({ hasText: unread })).toBeVisible();
    await expect(sheet(page)).toContainText("Il piano è vostro.");
    await expect(sheet(page)).not.toContainText("الخطة لكم");
    await expect(sheet(page)).toContainText("يقرأ لكم هذا النص من يرافقكم.");
  });

  await test.step("who signed, how and in which language", async () => {
    const signed = sheet(page).locator(".pair").filter({ hasText: "Lingua: arabo" });
    await expect(signed).toContainText("Amina");
    await expect(signed).toContainText("Sul telefono");
    await expect(signed.locator('> [lang="ar"]')).toContainText("على الهاتف");
  });

  await test.step("on a phone one stands under the other, on paper beside it and alone", async () => {
    const goal = goalOn(page, "Lingua italiana");
    expect(await isUnder(goal)).toBe(true);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await isUnder(goal)).toBe(false);
    await expect(page.locator("header.famhead")).toBeHidden();
    await expect(page.getByRole("button", { name: "Stampa" })).toBeHidden();
    await expect(page.getByLabel("Lingua della famiglia")).toBeHidden();
    await expect(page.getByText("Questa è la versione 3.")).toBeHidden();
    await expect(sheet(page)).toBeVisible();
    await expect(sheet(page)).toHaveCSS("color-scheme", "light");
    await page.emulateMedia({ media: null, colorScheme: null });
  });

  await test.step("the button prints", async () => {
    await page.evaluate(() => {
      window.print = () => document.documentElement.setAttribute("data-printed", "");
    });
    await page.getByRole("button", { name: "Stampa" }).click();
    await expect(page.locator("html")).toHaveAttribute("data-printed", "");
  });

  await test.step("in Chinese the family's words stay as they were said", async () => {
    await page.getByLabel("Lingua della famiglia").selectOption("zh");
    const chinese = goalOn(page, "Lingua italiana").locator('> [lang="zh"]');
    await expect(chinese.getByRole("heading")).toHaveText("意大利语");
    await expect(chinese.locator(".say")).toHaveText(SAID);
    await expect(chinese.locator(".say")).toHaveAttribute("dir", "rtl");
    await expect(sheet(page)).toContainText("陪同你们的工作人员会读给你们听。");
  });

  await test.step("Italian stands alone, also where another text cannot be had", async () => {
    await page.getByLabel("Lingua della famiglia").selectOption("it");
    await expect(columns(page)).toHaveCount(1);
    await lose(page, "/lingue/ur.json");
    await page.getByLabel("Lingua della famiglia").selectOption("ur");
    await expect(page.getByText("Il testo in urdu non è arrivato su questo telefono")).toBeVisible();
    await expect(columns(page)).toHaveCount(1);
    await page.getByLabel("Lingua della famiglia").selectOption("uk");
    await expect(columns(page)).toHaveCount(2);
    await expect(sheet(page).getByRole("heading", { name: "Наш план" })).toBeVisible();
  });
  expect(samira.errors).toEqual([]);
});

test("what was said at a visit, on paper and offline, in Italian and in Arabic", async ({ device }) => {
  const samira = device();
  const page = await enterFirstTime(samira, SAMIRA);
  const family = await familyPath(page);
  await everythingKept(page);
  await samira.context.setOffline(true);

  await test.step("the visit is closed, and the diary leads to its paper", async () => {
    await goTo(page, family);
    await recordVisit(page, { present: /Youssef/, step: STEP, summary: SUMMARY });
    await openPaper(page, family);
  });

  await test.step("who was there, what the family said, what comes next and who does it", async () => {
    await expect(sheet(page).getByRole("heading", { name: "Riassunto della visita" })).toBeVisible();
    const there = headed(page, "Chi c’era", "من كان حاضرًا");
    for (const name of ["Amina", "Youssef", SAMIRA.name]) await expect(there).toContainText(name);
    const goals = sheet(page).locator(".pair").filter({ has: page.locator(".pair__n") });
    await expect(goals).toHaveCount(1);
    const [italian, arabic] = [goals.locator('> [lang="it"]'), goals.locator('> [lang="ar"]')];
    for (const text of ["A che punto siamo", "Un po’ di più", "Chi lo fa", STEP]) {
      await expect(italian).toContainText(text);
    }
    await expect(arabic).toHaveCSS("direction", "rtl");
    for (const text of ["أين وصلنا", "أكثر قليلًا", "من يقوم به", "الخطوة القادمة"]) {
      await expect(arabic).toContainText(text);
    }
    await expect(arabic).not.toContainText(STEP);
  });

  await test.step("what the tutor wrote for the service is not on it", async () => {
    await expect(page.getByText("restano nel diario.")).toBeVisible();
    for (const text of [SUMMARY, "Come speriamo", "partecipa", "rinforzato"]) {
      await expect(sheet(page)).not.toContainText(text);
    }
  });

  await test.step("the next visit: a line to write on, and once it is planned day, hour and place", async () => {
    const next = headed(page, "Il prossimo incontro", "اللقاء القادم");
    await expect(next).toContainText("Il giorno è ancora da decidere");
    await expect(next).toContainText("لم نحدّد اليوم بعد");
    const day = await planNext(page, family);
    await openPaper(page, family);
    for (const text of [day, "18:45", "A scuola", "في المدرسة"]) await expect(next).toContainText(text);
    await expect(sheet(page)).not.toContainText(ABOUT);
  });

  await test.step("on paper it stands alone", async () => {
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    await expect(page.locator("header.famhead")).toBeHidden();
    await expect(page.getByRole("button", { name: "Stampa" })).toBeHidden();
    await expect(page.getByText("restano nel diario.")).toBeHidden();
    await expect(sheet(page)).toBeVisible();
    await expect(sheet(page)).toHaveCSS("color-scheme", "light");
  });
  expect(samira.errors).toEqual([]);
});

/** From the newest visit in the diary to its paper. */
async function openPaper(page: Page, family: string): Promise<void> {
  await goTo(page, `${family}/diario`);
  const visit = page.getByRole("listitem").filter({ hasText: SUMMARY });
  await visit.getByRole("link", { name: "Riassunto della visita" }).click();
  await expect(sheet(page).getByRole("heading", { name: "ملخّص الزيارة" })).toBeVisible();
}

/** Plans the next visit, on the day that the form proposes; says that day as a paper spells it. */
async function planNext(page: Page, family: string): Promise<string> {
  await goTo(page, `${family}/appuntamento/nuovo`);
  const day = await page.getByLabel("Che giorno").inputValue();
  await page.getByLabel("A che ora, se lo sapete già").fill("18:45");
  await tap(page.getByRole("group", { name: "Dove" }), "A scuola");
  await page.getByLabel("Per che cosa, se serve").fill(ABOUT);
  await page.getByRole("button", { name: "Salva la visita" }).click();
  await expect(page.getByText(/^Visita pianificata: .* Sul telefono\.$/)).toBeVisible();
  return new Date(`${day}T12:00`).toLocaleDateString("it", { dateStyle: "full" });
}

/** The row with these headings in Italian and in Arabic. */
function headed(page: Page, italian: string, arabic: string): Locator {
  const heading = (name: string) => page.getByRole("heading", { level: 3, name, exact: true });
  return sheet(page).locator(".pair").filter({ has: heading(italian) }).filter({ has: heading(arabic) });
}

/** The columns of the sheet, as its first row has them. */
function columns(page: Page): Locator {
  return sheet(page).locator(".pair").first().locator("> [lang]");
}

/** Whether the second language begins below the end of the first. */
async function isUnder(goal: Locator): Promise<boolean> {
  const [first, second] = await goal
    .locator("> [lang]")
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).map(({ top, bottom }) => ({ top, bottom })));
  if (first === undefined || second === undefined) throw new Error("a goal has two columns");
  return second.top >= first.bottom;
}

/** Waits until the phone has everything that the app needs without a network. */
async function everythingKept(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
}

/** Takes a file out of what the phone keeps. */
async function lose(page: Page, address: string): Promise<void> {
  await page.evaluate(async (gone) => {
    for (const name of await caches.keys()) await (await caches.open(name)).delete(gone);
  }, address);
}
