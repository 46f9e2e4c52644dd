// Insieme: what a family says aloud on its tutor's phone, and the fence: no way out but the PIN. How
// a family goes through all the questions is in `codesign.spec.ts`.
import { type Page, expect } from "@playwright/test";
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
import { familyPath } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";

const WORDS_IN_ITALIAN = "Voglio lavorare in un forno qui vicino.";
const RESULT = "Uno di noi ha un contratto di almeno tre mesi.";
const MINUTE_MS = 60_000;

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
