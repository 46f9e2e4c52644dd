// A plan that a family and its tutor make together, whole: said in Arabic and signed without any
// network; read by the social worker, who returns it with a word on one goal; changed with the
// family, signed again, approved; and what then stands on the paper that the family keeps.
import { readFileSync } from "node:fs";
import { type Locator, type Page, expect } from "@playwright/test";
import { sign } from "../helpers/ink.ts";
import {
  agreeToAll,
  choose,
  goOn,
  handOver,
  openTogether,
  question,
  takeBack,
} from "../helpers/insieme.ts";
import { askNow } from "../helpers/lists.ts";
import { draftKept } from "../helpers/notes.ts";
import { goalOn, sheet } from "../helpers/paper.ts";
import { ELENA, SAMIRA, enterFirstTime, everythingSent, opened, unlock } from "../helpers/people.ts";
import { goTo } from "../helpers/phone.ts";
import { goalCard, openGoalSaid, propose, sendNow } from "../helpers/plan.ts";
import { openReview } from "../helpers/review.ts";
import { familyPath } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";

const WORDS = "أريد أن أعمل في مخبز قريب.";
const WORDS_IN_ITALIAN = "Voglio lavorare in un forno qui vicino.";
const STEP = "أكتب سيرتي الذاتية";
const STEP_IN_ITALIAN = "Scrivere il curriculum";
const RESULT = "Uno di noi ha un contratto di almeno tre mesi.";
const RESULT_IN_ARABIC = examples("ar").goals.work[0].levels[2];
const WHY = "Chi lavora, e in quali ore? Chiedetelo a loro: la sera i bambini restano soli.";
const LATER = "أريد أن أعمل صباحًا في مخبز قريب.";
const LATER_IN_ITALIAN = "Voglio lavorare la mattina in un forno qui vicino.";
const CHANGED = "Cambiato, non ancora concordato";

test("a plan made and signed in Arabic offline is read, returned, changed and agreed to again", async ({
  server,
  device,
}) => {
  const phone = device();
  let page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
  // In good order once: a browser writes its cookies to disk only every half minute.
  await phone.close();
  page = await phone.open("/");
  await unlock(page);
  await server.stop();

  await test.step("in its own language, Italian beside", async () => {
    await openTogether(page, family);
    await handOver(page);
    await expect(page.locator(".together")).toHaveAttribute("dir", "rtl");
    await expect(question(page)).toHaveText("ما المهمّ لكم الآن؟");
    await expect(page.locator(".ask")).toContainText("Che cosa conta adesso?");
    await expect(page.getByText("Testo in arabo non ancora riletto")).toBeVisible();
  });

  await test.step("what matters, how it is, how it should be", async () => {
    await choose(page, "Lavoro");
    await choose(page, "Salute");
    await goOn(page);
    await expect(question(page)).toHaveText("كيف الحال اليوم؟");
    await choose(page, "صعب");
    await goOn(page);
    await page.getByRole("button", { name: /Non so, o preferisco non dirlo/ }).click();
    await expect(question(page)).toHaveText("كيف تريدون أن يصبح؟");
    await choose(page, "جيّد");
    await goOn(page);
  });

  await test.step("in its own words; half said, it outlives a dead battery", async () => {
    await expect(question(page)).toHaveText("ماذا تريدون أن يتغيّر؟");
    await page.getByRole("textbox").fill(WORDS);
    await draftKept(page);
    await phone.kill();
    page = await phone.open(family);
    await unlock(page);
    await expect(page.getByRole("link", { name: "Riprendi Insieme" })).toBeVisible();
    await openTogether(page, family);
    await expect(page.getByText(WORDS)).toBeVisible();
    await handOver(page);
    await expect(page.getByRole("textbox")).toHaveValue(WORDS);
    await expect(page.getByText("Testo in arabo non ancora riletto")).toBeVisible();
    await goOn(page);
    await expect(page.locator(".ask")).toContainText("Salute");
    await goOn(page);
  });

  await test.step("how it will be seen: an example with its five levels, in both languages", async () => {
    await expect(page.locator(".ask")).toContainText("Come vedremo che qualcosa è cambiato?");
    await expect(page.locator(".together__main")).toContainText(WORDS);
    await choose(page, RESULT);
    const steps = page.locator(".hopes:visible");
    await expect(steps.getByRole("listitem")).toHaveCount(5);
    await expect(steps).toContainText("Il contratto non ha una scadenza.");
    await expect(page.getByRole("textbox")).toHaveCount(0);
    await goOn(page);
  });

  await test.step("the first step and who takes it", async () => {
    await expect(question(page)).toHaveText("ما هي الخطوة الأولى؟");
    await page.getByRole("textbox").fill(STEP);
    await goOn(page);
    await expect(page.locator(".together__step")).toHaveText(STEP);
    await choose(page, "Noi, con aiuto");
    await goOn(page);
  });

  await test.step("read over, answered, given back", async () => {
    await expect(question(page)).toHaveText("هذا ما قلناه");
    await expect(page.locator(".together")).toContainText("Il piano è vostro.");
    await expect(page.locator(".together")).not.toContainText("الخطة لكم");
    await expect(page.getByText("Testo in arabo non ancora riletto")).toBeVisible();
    await expect(page.locator(".agree").first()).toContainText(RESULT);
    const answers = page.getByRole("group", { name: /Lavoro.*Siamo d’accordo/ });
    await expect(answers.getByRole("radio", { name: /Non rispondiamo adesso/ })).toBeVisible();
    await choose(page, "Sì, siamo d’accordo");
    await goOn(page);
    await expect(question(page)).toContainText("شكرًا");
    await takeBack(page);
    await opened(page);
  });

  await test.step("the tutor writes the Italian and saves it in the plan", async () => {
    await page.getByLabel("Le loro parole in italiano").fill(WORDS_IN_ITALIAN);
    await page.getByLabel("Il primo passo in italiano").fill(STEP_IN_ITALIAN);
    await expect(page.getByLabel("Risultato atteso")).toHaveValue(RESULT);
    await page.getByRole("button", { name: "Salva nel piano" }).click();
    await expect(page.getByText("Salvato nel piano. Sul telefono.")).toBeVisible();
    await inThePlan(page);
    await expect(page.getByRole("link", { name: "Insieme alla famiglia" })).toBeVisible();
  });

  await test.step("proposed, read in Arabic goal by goal and signed, still without a network", async () => {
    await propose(page, family);
    await page.getByRole("link", { name: "Leggi e firma insieme" }).click();
    await expect(page.getByLabel("Lingua della famiglia")).toHaveValue("ar");
    await interprets(page, "Un minore");
    await expect(page.getByText("Un minore non deve tradurre per i genitori.")).toBeVisible();
    await interprets(page, "Chi segue la famiglia");
    await expect(page.getByText("Un minore non deve tradurre")).toHaveCount(0);
    await handOver(page);
    await expect(page.locator(".together")).toHaveAttribute("dir", "rtl");
    await agreeToAll(page, async () => {
      const main = page.locator(".together__main");
      for (const text of [WORDS, WORDS_IN_ITALIAN, RESULT, RESULT_IN_ARABIC]) await expect(main).toContainText(text);
      await expect(main.locator(".hopes").getByRole("listitem")).toHaveCount(5);
    });
    await choose(page, "Amina");
    await choose(page, "Firmiamo qui con il dito");
    await goOn(page);
    await expect(page.getByText("ينقص التوقيع")).toContainText("Manca la firma");
    await signed(page);
    await goTo(page, `${family}/foglio`);
    await expect(sheet(page)).toContainText(RESULT_IN_ARABIC);
    await expect(sheet(page)).toContainText("ترجم لنا من يرافقنا");
    await goTo(page, family);
  });

  await test.step("it is sent once", async () => {
    await server.start();
    await sendNow(page);
    await everythingSent(page);
    const other = device();
    const there = await enterFirstTime(other, SAMIRA);
    await goTo(there, family);
    await inThePlan(there);
    await expect(there.getByText("Piano concordato, versione")).toBeVisible();
    await goTo(there, `${family}/diario`);
    const signature = there.getByRole("button", { name: "Vedi la firma" });
    await expect(signature).toBeVisible();
    const answer = there.getByRole("listitem").filter({ has: signature });
    await expect(answer).toContainText("Ha tradotto: Chi segue la famiglia.");
    expect(other.errors).toEqual([]);
    await other.close();
  });

  const elena = device("desk");
  const desk = await enterFirstTime(elena, ELENA);

  await test.step("the social worker reads what is new and returns it, with a word on one goal", async () => {
    await openReview(desk, family);
    const fresh = changes(desk).filter({ hasText: "Nuovo obiettivo Lavoro." });
    for (const text of [WORDS, WORDS_IN_ITALIAN, RESULT]) await expect(fresh).toContainText(text);
    await desk.getByLabel("Il commento riguarda").selectOption({ label: `Lavoro: «${WORDS_IN_ITALIAN}»` });
    await desk.getByLabel("Commento per Samira Belhadj").fill(WHY);
    await desk.getByRole("button", { name: "Restituisci" }).click();
    await expect(desk.getByText("Piano restituito con il tuo commento.")).toBeVisible();
    await goTo(desk, "/famiglie");
    await everythingSent(desk);
  });

  await test.step("the tutor reads on which goal and why, and what was signed is signed still", async () => {
    await askNow(page);
    await everythingSent(page);
    await goTo(page, family);
    const comment = page.locator(".notice").filter({ hasText: WHY });
    await expect(comment).toContainText(`Elena Rossetti ha scritto su «${WORDS_IN_ITALIAN}»:`);
    await expect(page.getByText(/Restituita da Elena Rossetti/)).toBeVisible();
    await expect(page.getByText(CHANGED)).toHaveCount(0);
  });

  await test.step("they find other words in both languages: that goal alone is to be agreed to anew", async () => {
    await openGoalSaid(page, family, WORDS);
    await page.getByLabel("Nella sua lingua").fill(LATER);
    await page.getByLabel("In italiano").fill(LATER_IN_ITALIAN);
    await page.getByRole("button", { name: "Salva l’obiettivo" }).click();
    await expect(page.getByText("Obiettivo salvato. Sul telefono.")).toBeVisible();
    await expect(goalCard(page, LATER)).toContainText(CHANGED);
    await expect(page.getByText(CHANGED)).toHaveCount(1);
    expect(await page.locator("article.goal").count()).toBeGreaterThan(1);
  });

  await test.step("proposed again, read again and signed again, in Arabic", async () => {
    await propose(page, family);
    await expect(page.getByText(CHANGED)).toHaveCount(1);
    await page.getByRole("link", { name: "Leggi e firma insieme" }).click();
    await interprets(page, "Un altro mediatore o interprete");
    await handOver(page);
    await expect(page.locator(".together")).toHaveAttribute("dir", "rtl");
    await agreeToAll(page, async () => {
      const main = page.locator(".together__main");
      for (const text of [LATER, LATER_IN_ITALIAN, RESULT_IN_ARABIC]) await expect(main).toContainText(text);
      await expect(main).not.toContainText(WORDS);
    });
    await choose(page, "Amina");
    await choose(page, "Firmiamo qui con il dito");
    await signed(page);
    await expect(page.getByText(CHANGED)).toHaveCount(0);
    await everythingSent(page);
  });

  await test.step("the social worker reads the one change, which the family has signed, and approves", async () => {
    await askNow(desk);
    await everythingSent(desk);
    await openReview(desk, family);
    await expect(changes(desk)).toHaveCount(1);
    await expect(changes(desk)).toContainText("La famiglia ha cambiato le sue parole sull’obiettivo Lavoro.");
    await expect(changes(desk).locator("ins").filter({ hasText: "la mattina" })).toBeVisible();
    await expect(changes(desk).locator("ins").filter({ hasText: "صباحًا" })).toBeVisible();
    await expect(desk.getByText("La famiglia non ha ancora risposto a questa versione.")).toHaveCount(0);
    await desk.getByRole("button", { name: "Approva versione 5" }).click();
    await expect(desk.getByText("Piano approvato.")).toBeVisible();
    await goTo(desk, "/famiglie");
    await everythingSent(desk);
  });

  await test.step("the paper says in Arabic what was agreed in the end, and who signed and interpreted", async () => {
    await askNow(page);
    await everythingSent(page);
    await goTo(page, family);
    await expect(page.getByText(/Approvata da Elena Rossetti/).first()).toBeVisible();
    await goTo(page, `${family}/foglio`);
    await expect(sheet(page)).toContainText("Versione 5, concordata");
    await expect(sheet(page)).not.toContainText(WORDS);
    await expect(sheet(page)).not.toContainText(WHY);
    // It has another goal of this domain.
    const work = goalOn(page, "Lavoro").filter({ hasText: LATER });
    const arabic = work.locator('> [lang="ar"]');
    await expect(arabic).toHaveCSS("direction", "rtl");
    await expect(arabic.getByRole("heading")).toHaveText("العمل");
    await expect(arabic.locator(".say")).toHaveText(LATER);
    for (const text of [RESULT_IN_ARABIC, "نحن، مع مساعدة", "نعم، نوافق"]) await expect(arabic).toContainText(text);
    await expect(work.locator('> [lang="it"] .say')).toHaveText(`«${LATER_IN_ITALIAN}»`);
    const below = sheet(page).locator(".pair").filter({ hasText: "Lingua: arabo" });
    for (const text of ["Amina", "على الهاتف", "اللغة: العربية", "ترجم لنا وسيط آخر أو مترجم"]) {
      await expect(below.locator('> [lang="ar"]')).toContainText(text);
    }
    await expect(below.locator('> [lang="it"]')).toContainText("Ha tradotto un altro mediatore o interprete");
  });
  expect([...phone.errors, ...elena.errors]).toEqual([]);
  for (const text of [WORDS_IN_ITALIAN, LATER_IN_ITALIAN, WHY]) expect(server.log).not.toContain(text);
});

/** Says who interprets, before the phone is handed over. */
async function interprets(page: Page, who: string): Promise<void> {
  const choices = page.getByRole("group", { name: "Chi traduce" });
  await choices.locator("label").filter({ hasText: who }).click();
}

/** Signs with the finger, and gives the phone back. */
async function signed(page: Page): Promise<void> {
  await sign(page);
  await goOn(page);
  await expect(question(page)).toContainText("شكرًا");
  // What is signed is not gone back into.
  await expect(page.locator(".together__foot button")).toHaveCount(1);
  await takeBack(page);
  await opened(page);
  await expect(page.getByText("Piano concordato, versione")).toBeVisible();
}

/** What a version says that the one before did not. */
function changes(desk: Page): Locator {
  return desk.locator(".changes").first().locator("> li");
}

/** What was said is part of the plan: once, in both languages, with who takes the first step. */
async function inThePlan(page: Page): Promise<void> {
  const goal = goalCard(page, WORDS);
  await expect(goal).toHaveCount(1);
  await expect(goal).toContainText(WORDS_IN_ITALIAN);
  await expect(goal).toContainText(STEP_IN_ITALIAN);
  await expect(goal).toContainText(RESULT);
  await expect(page.getByRole("row").filter({ hasText: "Lavoro" })).toBeVisible();
}

/** Goals that somebody has put into words already, in a language. */
function examples(tag: string): { goals: { work: [{ levels: [string, string, string] }] } } {
  return JSON.parse(readFileSync(new URL(`../../public/obiettivi/${tag}.json`, import.meta.url), "utf8"));
}
