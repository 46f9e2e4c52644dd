// A phone's life until it is put away, or until its build is: a plan made, agreed to and approved;
// then, without a server, things saved that nobody could send yet, and forms left open.
import { type Locator, type Page, expect } from "@playwright/test";
import type { Left } from "./frozen.ts";
import { WORDS, addGoal, askNow, members } from "./lists.ts";
import { diaryEntry, draftKept, noteField, openNote, saveNote, typeNote } from "./notes.ts";
import { ELENA, SAMIRA, enterFirstTime, everythingSent } from "./people.ts";
import { Phone, goTo } from "./phone.ts";
import { goalCard, openGoalSaid, propose } from "./plan.ts";
import { familyNamed } from "./screens.ts";
import type { Server } from "./server.ts";
import { DESK } from "./test.ts";
import { RATED, recordAnswer, recordVisit } from "./visit.ts";

const LIST = `codice;famiglia;famiglia originale;comune;lingua;mediatore;assistente sociale;nome;nome originale;ruolo;data di nascita
F-1;Haddad;حداد;Codogno;arabo;samira;elena;Layla;ليلى;intestataria;12/3/1990
F-1;;;;;;;Sami;سامي;figlio;5/9/2016
F-2;Rusu;;Casalpusterlengo;romeno;samira;elena;Ion;;intestatario;20/11/1985
`;

const SAVED = "Il corso comincia giovedì, aula 4.";
const TYPED = "Non ancora salvato: la bambina ha la febbre.";
const SUMMARY = "Layla ha piantato il basilico con Sami.";
const AGREED = "Chiedere i vasi alla vicina";
const STEP = "Non ancora salvato: comprare la terra.";
const PERSON = "Zahra Haddad";
/** By whom is told once their name has arrived. */
const APPROVED = /Approvata da /;
/** A server of today lets everybody know who works there, also those who were there before it. */
export const APPROVED_BY_NAME = `Approvata da ${ELENA.name}`;
const PHOTO_WIDTH = 64;
const WEEK_MS = 7 * 86_400_000;

/** Lets a mediator and a social worker work on a server in which nobody works yet, until the server
 * stands still and the mediator has her phone in her hand, a half-written note on it. */
export async function live(server: Server, phone: Phone): Promise<Left> {
  const password = server.employ(SAMIRA, "mediator");
  const reader = server.employ(ELENA, "social-worker");
  server.importFamilies(LIST);
  const page = await enterFirstTime(phone, { ...SAMIRA, password });
  const family = await familyNamed(page, /Haddad/);
  await agree(page, family);
  await atDesk(server, (desk) => approve(desk, family, reader));
  await askNow(page);
  await goTo(page, family);
  await expect(page.getByText(APPROVED).first()).toBeVisible();
  await server.stop();
  await recordVisit(page, { present: /Layla/, step: AGREED, summary: SUMMARY });
  await saveNote(page, family, SAVED);
  await addPhoto(page);
  await openGoalSaid(page, family, WORDS);
  await nextStep(page).fill(STEP);
  await draftKept(page);
  await openPerson(page, family);
  await personName(page).fill(PERSON);
  await draftKept(page);
  await typeNote(page, family, TYPED);
  await draftKept(page);
  const plan = { goal: WORDS, visit: SUMMARY, step: STEP, person: PERSON, reader };
  return { password, family, saved: SAVED, typed: TYPED, plan };
}

/** A goal, a visit to come and the family's yes, all of it sent. */
async function agree(page: Page, family: string): Promise<void> {
  await addGoal(page, family);
  await goTo(page, `${family}/appuntamento/nuovo`);
  const day = new Date(Date.now() + WEEK_MS).toISOString().slice(0, 10);
  await page.getByLabel("Che giorno").fill(day);
  await page.getByRole("button", { name: "Salva la visita" }).click();
  await expect(page.getByText(/^Visita pianificata: .* Sul telefono\.$/)).toBeVisible();
  await propose(page, family);
  await recordAnswer(page, /Layla/, SAMIRA.name);
  await everythingSent(page);
}

async function approve(desk: Phone, family: string, password: string): Promise<void> {
  const page = await enterFirstTime(desk, { ...ELENA, password });
  await goTo(page, "/da-rivedere");
  await page.locator(`a[href="${family.replace("famiglia", "da-rivedere")}"]`).first().click();
  await page.getByRole("button", { name: "Approva versione 1" }).click();
  await expect(page.getByText("Piano approvato.")).toBeVisible();
  await goTo(page, "/famiglie");
  await everythingSent(page);
}

/** Does something at a desk, which is gone afterwards. */
export async function atDesk(
  server: Server,
  walk: (desk: Phone) => Promise<void>,
): Promise<void> {
  const desk = new Phone(server.origin, { screen: DESK });
  try {
    await walk(desk);
    expect(desk.errors).toEqual([]);
  } finally {
    await desk.remove();
  }
}

/** A photo of nothing: small, so that a frozen phone is. */
async function addPhoto(page: Page): Promise<void> {
  const base64 = await page.evaluate((width) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, 48];
    return canvas.toDataURL("image/jpeg").split(",")[1] ?? "";
  }, PHOTO_WIDTH);
  const buffer = Buffer.from(base64, "base64");
  await page.getByLabel("Foto").setInputFiles({ name: "tavolo.jpg", mimeType: "image/jpeg", buffer });
  await expect(page.getByText("Foto salvata. Sul telefono.")).toBeVisible();
}

/** Finds all that was left on a phone: what was saved says where it is, what was not is in its form. */
export async function findsEverything(page: Page, left: Left, receipt: string): Promise<void> {
  await goTo(page, `${left.family}/diario`);
  await expect(page.getByText("Haddad").first()).toBeVisible();
  await expect(diaryEntry(page, left.saved)).toHaveCount(1);
  await expect(diaryEntry(page, left.saved).getByText(receipt)).toBeVisible();
  await page.getByRole("button", { name: "Apri la foto" }).click();
  const picture = page.getByRole("dialog").getByRole("img", { name: "Foto" });
  const width = (): Promise<number> =>
    picture.evaluate((image: HTMLImageElement) => image.naturalWidth);
  await expect.poll(width).toBe(PHOTO_WIDTH);
  await page.getByRole("dialog").getByRole("button", { name: "Chiudi" }).click();
  if (left.plan !== undefined) {
    await expect(diaryEntry(page, left.plan.visit)).toContainText(RATED);
    await expect(diaryEntry(page, left.plan.visit).getByText(receipt)).toBeVisible();
    await openGoalSaid(page, left.family, left.plan.goal);
    await expect(nextStep(page)).toHaveValue(left.plan.step);
    await openPerson(page, left.family);
    await expect(personName(page)).toHaveValue(left.plan.person);
    await goTo(page, `${left.family}/diario`);
  }
  await openNote(page);
  await expect(noteField(page)).toHaveValue(left.typed);
}

/** Saves what was half written, and all of it is sent. */
export async function finishes(page: Page, left: Left): Promise<void> {
  await goTo(page, `${left.family}/diario`);
  await openNote(page);
  await page.getByRole("button", { name: "Salva" }).click();
  await expect(diaryEntry(page, left.typed)).toBeVisible();
  if (left.plan !== undefined) {
    await openGoalSaid(page, left.family, left.plan.goal);
    await page.getByRole("button", { name: "Salva l’obiettivo" }).click();
    await expect(goalCard(page, left.plan.goal)).toContainText(left.plan.step);
    await openPerson(page, left.family);
    await page.getByRole("button", { name: "Salva", exact: true }).click();
    await expect(members(page, new RegExp(left.plan.person))).toHaveCount(1);
  }
  await everythingSent(page);
}

/** The families and the plan are drawn as they were when the phone was put away. */
export async function drawsPlan(
  page: Page,
  { family, plan }: Left,
  approved: string | RegExp = APPROVED,
): Promise<void> {
  await goTo(page, "/famiglie");
  for (const name of plan === undefined ? [/Haddad/] : [/Haddad/, /Rusu/]) {
    await expect(page.getByRole("heading", { level: 3, name })).toBeVisible();
  }
  if (plan === undefined) return;
  await goTo(page, family);
  await expect(goalCard(page, plan.goal)).toHaveCount(1);
  await expect(goalCard(page, plan.goal)).toContainText(AGREED);
  await expect(page.getByText(approved).first()).toBeVisible();
}

function nextStep(page: Page): Locator {
  return page.getByLabel("Prossimo passo").first();
}

async function openPerson(page: Page, family: string): Promise<void> {
  await goTo(page, `${family}/persone`);
  await page.getByRole("button", { name: "Aggiungi una persona" }).click();
}

function personName(page: Page): Locator {
  return page.getByLabel("Nome in lettere latine");
}
