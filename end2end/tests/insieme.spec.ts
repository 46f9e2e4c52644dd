// Insieme: a family says in Arabic, on the tutor's phone and without any network, what matters and
// what it wants to change; the tutor saves it in the plan. And the fence: no way out but the PIN.
import { readFileSync } from "node:fs";
import { type Page, expect } from "@playwright/test";
import { sign } from "../helpers/ink.ts";
import {
  WAY_OUT,
  choose,
  goOn,
  handOver,
  openTogether,
  question,
  takeBack,
} from "../helpers/insieme.ts";
import { draftKept } from "../helpers/notes.ts";
import { SAMIRA, enterFirstTime, everythingSent, opened, typePin, unlock } from "../helpers/people.ts";
import { goTo } from "../helpers/phone.ts";
import { sendNow } from "../helpers/plan.ts";
import { familyPath } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";

const WORDS = "أريد أن أعمل في مخبز قريب.";
const WORDS_IN_ITALIAN = "Voglio lavorare in un forno qui vicino.";
const STEP = "أكتب سيرتي الذاتية";
const STEP_IN_ITALIAN = "Scrivere il curriculum";
const RESULT = "Uno di noi ha un contratto di almeno tre mesi.";
const RESULT_IN_ARABIC = examples("ar").goals.work[0].levels[2];
const MINUTE_MS = 60_000;

test("a family says in Arabic what it wants, without a network, and it enters the plan once", async ({
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
    await page.getByRole("button", { name: "Proponi alla famiglia" }).click();
    await page.getByRole("link", { name: "Leggi e firma insieme" }).click();
    await expect(page.getByLabel("Lingua della famiglia")).toHaveValue("ar");
    const who = page.getByRole("group", { name: "Chi traduce" });
    await who.locator("label").filter({ hasText: "Un minore" }).click();
    await expect(page.getByText("Un minore non deve tradurre per i genitori.")).toBeVisible();
    await who.locator("label").filter({ hasText: "Chi segue la famiglia" }).click();
    await expect(page.getByText("Un minore non deve tradurre")).toHaveCount(0);
    await handOver(page);
    await expect(page.locator(".together")).toHaveAttribute("dir", "rtl");
    const stops = page.locator(".stages li");
    const goals = (await stops.count()) - 2;
    for (let goal = 0; goal < goals; goal += 1) {
      await expect(stops.nth(goal)).toHaveAttribute("aria-current", "step");
      if (goal === goals - 1) {
        const main = page.locator(".together__main");
        for (const text of [WORDS, WORDS_IN_ITALIAN, RESULT, RESULT_IN_ARABIC]) await expect(main).toContainText(text);
        await expect(main.locator(".hopes").getByRole("listitem")).toHaveCount(5);
      }
      await choose(page, "Sì, siamo d’accordo");
      await goOn(page);
    }
    await expect(page.locator(".ask")).toContainText("Volete firmare?");
    await choose(page, "Amina");
    await choose(page, "Firmiamo qui con il dito");
    await goOn(page);
    await expect(page.getByText("ينقص التوقيع")).toContainText("Manca la firma");
    await sign(page);
    await goOn(page);
    await expect(question(page)).toContainText("شكرًا");
    // What is signed is not gone back into.
    await expect(page.locator(".together__foot button")).toHaveCount(1);
    await takeBack(page);
    await opened(page);
    await expect(page.getByText("Piano concordato, versione")).toBeVisible();
    await goTo(page, `${family}/foglio`);
    await expect(page.getByRole("article")).toContainText(RESULT_IN_ARABIC);
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
    await expect(there.getByRole("button", { name: "Vedi la firma" })).toBeVisible();
    const signature = there.getByRole("button", { name: "Vedi la firma" });
    const signed = there.getByRole("listitem").filter({ has: signature });
    await expect(signed).toContainText("Ha tradotto: Chi segue la famiglia.");
    expect(other.errors).toEqual([]);
  });
  expect(phone.errors).toEqual([]);
});

test("a goal that a family only says aloud is kept, heard again, and written down by its tutor", async ({
  device,
}) => {
  const phone = device();
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await openTogether(page, family);
  await handOver(page, "ar");
  await choose(page, "Lavoro");
  for (const asked of ["كيف الحال اليوم؟", "ماذا تريدون أن يتغيّر؟"]) {
    await goOn(page);
    await expect(question(page)).toHaveText(asked);
  }
  const main = page.locator(".together__main");
  await main.getByRole("button", { name: "Parlate: registrate la voce" }).click();
  await expect(main.locator(".attach__time")).toHaveText(/^0:0[2-9]$/);
  await main.getByRole("button", { name: "Fermate e salvate" }).click();
  await expect(main.locator(".attached")).toHaveCount(1);
  await goOn(page);
  await expect(page.locator(".ask"), "it is a goal").toContainText("Come vedremo che qualcosa è cambiato?");
  await takeBack(page);
  await opened(page);
  await page.getByRole("button", { name: /^Ascolta, 0:0[1-9]$/ }).click();
  await expect(page.locator("audio")).toBeVisible();
  await page.getByLabel("Le loro parole in italiano").fill(WORDS_IN_ITALIAN);
  await page.getByLabel("Risultato atteso").fill(RESULT);
  await page.getByRole("button", { name: "Salva nel piano" }).click();
  await expect(page.getByText("Salvato nel piano. Sul telefono.")).toBeVisible();
  const goal = page.locator("article.goal").filter({ hasText: WORDS_IN_ITALIAN });
  await goal.getByRole("link", { name: /^Cambia/ }).click();
  await expect(page.getByRole("heading", { name: "Detto a voce" })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Ascolta, 0:0[1-9]$/ })).toBeVisible();
  await everythingSent(page);
  expect(phone.errors).toEqual([]);
});

test("inside the fence nothing else is reached, and only the PIN lets out", async ({ device }) => {
  const phone = device();
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  const beside = await phone.openTab(family);
  await unlock(beside);
  await page.bringToFront();
  await goTo(page, "/oggi");
  await openTogether(page, family);
  await handOver(page);
  await choose(page, "Lavoro");

  await test.step("what is passed asks for nothing more", async () => {
    await goOn(page);
    await choose(page, "È difficile");
    await page.getByRole("button", { name: /Non so, o preferisco non dirlo/ }).click();
    await expect(page.locator(".ask")).toContainText("Che cosa volete cambiare?");
  });

  await test.step("another tab of the open app locks itself", async () => {
    await expect(beside.getByRole("group", { name: "Tastiera del PIN" })).toBeVisible();
    await beside.close();
  });

  await test.step("no navigation, no link, no other family", async () => {
    await fenced(page);
    await expect(page.getByRole("link")).toHaveCount(0);
    await expect(page.getByRole("navigation")).toHaveCount(0);
  });

  await test.step("Back, again and again, and addresses of other screens", async () => {
    for (let times = 0; times < 5; times += 1) {
      await page.evaluate(() => history.back());
      await page.waitForURL(`**${family}/insieme`);
      await fenced(page);
    }
    for (const path of ["/famiglie", "/oggi", "/altro", family, `${family}/diario`]) {
      await page.evaluate((target) => {
        history.pushState({}, "", target);
        dispatchEvent(new PopStateEvent("popstate", { state: {} }));
      }, path);
      await page.waitForURL(`**${family}/insieme`);
      await fenced(page);
    }
  });

  await test.step("a wrong PIN leaves everything as it is, and counts as at unlocking", async () => {
    await takeBack(page, "11112222");
    await expect(page.getByText(/Ancora 9 prove/)).toBeVisible({ timeout: 30_000 });
    // What the browser or a password manager knows of this origin must not be filled in here.
    await expect(page.locator("#pin")).toHaveAttribute("autocomplete", "one-time-code");
    await expect(page.locator(".app")).toHaveCount(0);
    await page.getByRole("button", { name: /Indietro/ }).click();
    await fenced(page);
  });

  await test.step("a typed address and a reload ask for the PIN", async () => {
    await draftKept(page);
    await page.goto("/famiglie");
    await expect(page.getByRole("group", { name: "Tastiera del PIN" })).toBeVisible();
    await expect(page.locator(".app")).toHaveCount(0);
    await unlock(page);
    await openTogether(page, family);
    await handOver(page);
    await page.reload();
    await expect(page.getByRole("group", { name: "Tastiera del PIN" })).toBeVisible();
    await unlock(page);
  });

  await test.step("the PIN lets out, to what was said", async () => {
    await openTogether(page, family);
    await handOver(page);
    await takeBack(page);
    await opened(page);
    await page.waitForURL(`**${family}/insieme`);
    await expect(page.getByText("Scelto, e non è stato detto altro")).toBeVisible();
  });
  expect(phone.errors).toEqual([]);
});

test("left alone it locks, and opens outside the fence for whoever knows the PIN", async ({ device }) => {
  const phone = device("phone", { hasMovableClock: true });
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await openTogether(page, family);
  await handOver(page);
  await choose(page, "Lavoro");
  await page.clock.setSystemTime(Date.now() + 6 * MINUTE_MS);
  // The app looks every twenty seconds whether anybody is there.
  const keypad = page.getByRole("group", { name: "Tastiera del PIN" });
  await expect(keypad).toBeVisible({ timeout: 40_000 });
  await expect(page.locator(".together")).toHaveCount(0);
  await unlock(page);
  await expect(page.getByText("Scelto, e non è stato detto altro")).toBeVisible();
  expect(phone.errors).toEqual([]);
});

test("ten wrong PINs at the fence erase the key and close what is open", async ({ device }) => {
  const phone = device("phone", { hasMovableClock: true });
  const page = await enterFirstTime(phone, SAMIRA);
  await openTogether(page, await familyPath(page));
  await handOver(page);
  await page.locator(".together__bar button").click();
  for (let left = 9; left >= 0; left -= 1) {
    await typePin(page, "11112222");
    if (left > 0) await expect(page.getByText(`Ancora ${left} prov`)).toBeVisible({ timeout: 30_000 });
    await aQuarterPasses(page, 9 - left);
  }
  await expect(page.getByRole("heading", { name: WAY_OUT })).toHaveCount(0);
  await expect(page.getByText("Troppe prove: il PIN è cancellato")).toBeVisible();
  await page.reload();
  await expect(page.locator(".app")).toHaveCount(0);
  await expect(page.locator(".together")).toHaveCount(0);
  expect(phone.errors).toEqual([]);
});

/** Between two tries a quarter of an hour at most has to be waited; whoever holds the phone touches
 * it, so that it does not lock. */
async function aQuarterPasses(page: Page, passed: number): Promise<void> {
  for (let minutes = 4; minutes <= 16; minutes += 4) {
    await page.clock.setSystemTime(Date.now() + (16 * passed + minutes) * MINUTE_MS);
    await page.keyboard.press("Shift");
  }
}

/** The talk is there and nothing of the app. */
async function fenced(page: Page): Promise<void> {
  await expect(page.locator(".together")).toBeVisible();
  await expect(page.locator(".app")).toHaveCount(0);
}

/** What was said is part of the plan: once, in both languages, with who takes the first step. */
async function inThePlan(page: Page): Promise<void> {
  const goal = page.getByRole("article").filter({ hasText: WORDS });
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
