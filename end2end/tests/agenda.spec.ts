// Visits to come and the course of the plan, as a mediator keeps them without any network: what is
// planned is there on its day, what was called off comes back, and the social worker sees how the
// plan goes on.
import { type Locator, type Page, expect } from "@playwright/test";
import { askNow } from "../helpers/lists.ts";
import { ELENA, SAMIRA, enterFirstTime, everythingSent } from "../helpers/people.ts";
import { goTo } from "../helpers/phone.ts";
import { sendNow } from "../helpers/plan.ts";
import { familyPath } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";

const ABOUT = "Portare la lettera della scuola";

test("a visit planned offline is in Oggi on its day, is recorded, and the next one is planned", async ({ device }) => {
  const samira = device();
  const page = await enterFirstTime(samira, SAMIRA);
  const family = await familyWithoutVisit(page);
  await samira.context.setOffline(true);

  await test.step("the family's head offers to plan a visit; what is typed is kept", async () => {
    await goTo(page, family);
    await head(page).getByRole("link", { name: "Pianifica visita" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Pianifica visita" })).toBeVisible();
    await page.getByLabel("Per che cosa, se serve").fill(ABOUT);
    await goTo(page, "/famiglie");
    await goTo(page, `${family}/appuntamento/nuovo`);
    await expect(page.getByLabel("Per che cosa, se serve")).toHaveValue(ABOUT);
  });

  await test.step("a day that is past is not taken; today is", async () => {
    await page.getByLabel("Che giorno").fill(await dayFromNow(page, -1));
    await page.getByRole("button", { name: "Salva la visita" }).click();
    await expect(page.getByText("Scegli un giorno, da oggi in poi.")).toBeVisible();
    await page.getByLabel("Che giorno").fill(await dayFromNow(page, 0));
    await page.getByLabel("A che ora, se lo sapete già").fill("18:45");
    await page.getByRole("button", { name: "Salva la visita" }).click();
    await expect(page.getByText(/^Visita pianificata: .* Sul telefono\.$/)).toBeVisible();
    await expect(head(page).getByRole("link", { name: "Visita oggi alle 18:45" })).toBeVisible();
  });

  await test.step("it is in Oggi, and is recorded from there", async () => {
    await goTo(page, "/oggi");
    await page.getByRole("link", { name: /^18:45/ }).click();
    await expect(page.getByRole("heading", { level: 1, name: /^Visita, Famiglia / })).toBeVisible();
    await page.getByRole("button", { name: "Chiudi visita" }).click();
    await expect(page.getByText("Visita chiusa. Sul telefono.")).toBeVisible();
  });

  await test.step("one tap plans the next one", async () => {
    await page.getByRole("button", { name: "Pianifica la prossima" }).click();
    await expect(page.getByText(/^Visita pianificata: .* Sul telefono\.$/)).toBeVisible();
    await expect(head(page).getByRole("link", { name: /^Visita \S+ \d/ })).toBeVisible();
    await goTo(page, "/oggi");
    await expect(page.getByRole("link", { name: /^18:45.*Fatta/ })).toBeVisible();
    await goTo(page, "/famiglie");
    await expect(page.locator(`a.fam[href="${family}"]`)).toContainText(/visita \S+ \d/);
  });

  await test.step("all of it is sent", async () => {
    await samira.context.setOffline(false);
    await sendNow(page);
    await everythingSent(page);
  });
  expect(samira.errors).toEqual([]);
});

test("a visit is moved, another is called off and comes back, an old one was not made", async ({ device }) => {
  const samira = device();
  const page = await enterFirstTime(samira, SAMIRA);
  const family = await familyPath(page);
  await samira.context.setOffline(true);

  await test.step("today's first visit is moved to tomorrow", async () => {
    await goTo(page, "/oggi");
    await page.getByRole("link", { name: "Sposta o annulla la visita" }).click();
    await expect(page.getByLabel("A che ora, se lo sapete già")).toHaveValue("10:30");
    await page.getByLabel("Che giorno").fill(await dayFromNow(page, 1));
    await page.getByRole("button", { name: "Salva la visita" }).click();
    await expect(page.getByText(/^Visita spostata: .* Sul telefono\.$/)).toBeVisible();
    await goTo(page, "/oggi");
    const coming = page.getByRole("region", { name: "In arrivo" });
    const row = coming.getByRole("link").filter({ hasText: "Famiglia Hassan" });
    await expect(row).toContainText("domani alle 10:30");
    await expect(row).toHaveAttribute("href", new RegExp(`^${family}/appuntamento/`));
  });

  await test.step("a planned visit says that it is on the phone only", async () => {
    const coming = page.getByRole("region", { name: "In arrivo" });
    await coming.getByRole("link").filter({ hasText: "Famiglia Hassan" }).click();
    await expect(page.getByRole("main").getByText("Sul telefono", { exact: true })).toBeVisible();
    await goTo(page, "/oggi");
  });

  await test.step("the next one is called off, and comes back", async () => {
    await page.getByRole("link", { name: "Sposta o annulla la visita" }).click();
    // By the keyboard: the last words of the phone may lie over the lower edge.
    await page.getByRole("button", { name: "Annulla la visita" }).press("Enter");
    await expect(page.getByText("Visita annullata. Sul telefono.")).toBeVisible();
    await expect(head(page).getByRole("link", { name: "Pianifica visita" })).toBeVisible();
    await page.getByRole("button", { name: "Annulla", exact: true }).click();
    await expect(page.getByText("La visita è di nuovo in programma.")).toBeVisible();
    await expect(head(page).getByRole("link", { name: "Visita oggi alle 14:00" })).toBeVisible();
  });

  await test.step("a visit that nobody closed was not made", async () => {
    await goTo(page, "/oggi");
    const fix = page.getByRole("region", { name: /^Da sistemare/ });
    await expect(fix.getByText("Una visita da chiudere")).toHaveCount(1);
    await expect(fix.getByRole("link", { name: /^Registra la visita: / })).toBeVisible();
    await fix.getByRole("button", { name: /^Non si è fatta: / }).click();
    await expect(page.getByText("Visita segnata come non fatta. Sul telefono.")).toBeVisible();
    await expect(page.getByText("Una visita da chiudere")).toHaveCount(0);
  });

  await test.step("all of it is sent", async () => {
    await samira.context.setOffline(false);
    await sendNow(page);
    await everythingSent(page);
  });
  expect(samira.errors).toEqual([]);
});

test("a plan rests, goes on and ends with a reason; the social worker sees it and takes it up again", async ({ device }) => {
  const samira = device();
  const elena = device("desk");
  const page = await enterFirstTime(samira, SAMIRA);
  const family = await familyPath(page);
  await samira.context.setOffline(true);
  await goTo(page, family);
  await expect(version(page)).toContainText("Piano attivo");

  await test.step("suspended, undone, suspended again and resumed", async () => {
    await move(page, "Sospendi");
    await expect(page.getByText("Piano sospeso. Sul telefono.")).toBeVisible();
    await expect(version(page)).toContainText("Piano sospeso");
    await page.getByRole("button", { name: "Annulla", exact: true }).click();
    await expect(page.getByText("Il piano è come prima.")).toBeVisible();
    await expect(version(page)).toContainText("Piano attivo");
    await move(page, "Sospendi");
    await expect(version(page)).toContainText("Piano sospeso");
    await expect(page.getByRole("link", { name: "Inizia visita" })).toHaveCount(0);
    await expect(page.getByRole("link", { name: /^Nuovo obiettivo/ })).toHaveCount(0);
    await expect(page.getByRole("link", { name: /^Cambia : / })).toHaveCount(0);
    await expect(version(page)).toContainText("Il piano è sospeso: per cambiarlo, riprendilo.");
    await foot(page).getByRole("button", { name: "Riprendi il piano" }).click();
    await expect(page.getByText("Il piano riprende. Sul telefono.")).toBeVisible();
    await expect(version(page)).toContainText("Piano attivo");
    await expect(page.getByRole("link", { name: /^Cambia : 1\./ })).toBeVisible();
  });

  await test.step("closing needs a reason", async () => {
    await move(page, "Chiudi il piano");
    await page.getByRole("button", { name: "Conferma la chiusura" }).click();
    await expect(page.getByText("Scegli perché si chiude.")).toBeVisible();
    const why = page.getByRole("group", { name: "Perché si chiude" });
    await why.locator("label").filter({ hasText: "Famiglia trasferita" }).click();
    await page.getByRole("button", { name: "Conferma la chiusura" }).click();
    await expect(page.getByText("Piano chiuso: famiglia trasferita. Sul telefono.")).toBeVisible();
    await expect(version(page)).toContainText(/Piano chiuso (il |l’)\d+ .+, versione/);
    await expect(version(page)).toContainText("Famiglia trasferita.");
    await expect(version(page)).toContainText("Il piano è chiuso: per cambiarlo, riaprilo.");
    await expect(foot(page).getByRole("button", { name: "Riapri il piano" })).toBeVisible();
  });

  await test.step("its visits remind of nothing any more", async () => {
    await expect(head(page).getByRole("link", { name: /visita/i })).toHaveCount(0);
    await goTo(page, "/oggi");
    await expect(page.getByRole("heading", { name: /Famiglia .*Hassan/ })).toHaveCount(0);
  });

  await test.step("the social worker reads it in the plan and in the diary", async () => {
    await samira.context.setOffline(false);
    await sendNow(page);
    await everythingSent(page);
    const desk = await enterFirstTime(elena, ELENA);
    await goTo(desk, `${family}/diario`);
    await expect(desk.getByRole("heading", { name: "Piano chiuso: famiglia trasferita" })).toBeVisible();
    await goTo(desk, family);
    await expect(version(desk)).toContainText("Piano chiuso");
    await move(desk, "Riapri il piano");
    await expect(version(desk)).toContainText("Piano attivo");
    await everythingSent(desk);
  });

  await test.step("the mediator has the plan and today's visit back", async () => {
    await askNow(page);
    await everythingSent(page);
    await goTo(page, family);
    await expect(version(page)).toContainText("Piano attivo");
    await expect(head(page).getByRole("link", { name: "Visita oggi alle 10:30" })).toBeVisible();
  });
  expect([...samira.errors, ...elena.errors]).toEqual([]);
});

function head(page: Page): Locator {
  return page.locator("header.famhead");
}

/** The bar at the thumb. */
function foot(page: Page): Locator {
  return page.getByRole("region", { name: "Azioni" });
}

function version(page: Page): Locator {
  return page.getByRole("region", { name: "Versione del piano" });
}

/** Unfolds what can be done with the whole plan, and does it. */
async function move(page: Page, name: string): Promise<void> {
  const button = page.getByRole("button", { name, exact: true });
  // It may still be unfolded from the move before.
  if (!(await button.isVisible())) {
    await page.locator("summary").filter({ hasText: "Cambia lo stato del piano" }).click();
  }
  await button.click();
}

/** The address of a family with an active plan that nobody is going to visit soon. */
async function familyWithoutVisit(page: Page): Promise<string> {
  await goTo(page, "/famiglie");
  const quiet = page
    .locator("a.fam")
    .filter({ hasText: /ultima visita/ })
    .filter({ has: page.getByText("Attivo", { exact: true }) });
  const path = await quiet.first().getAttribute("href");
  if (path === null) throw new Error("every family has a visit planned");
  return path;
}

/** A day as a field takes it, in the phone's own calendar. */
async function dayFromNow(page: Page, days: number): Promise<string> {
  return page.evaluate((away) => {
    const day = new Date();
    day.setDate(day.getDate() + away);
    const two = (part: number) => String(part).padStart(2, "0");
    return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
  }, days);
}
