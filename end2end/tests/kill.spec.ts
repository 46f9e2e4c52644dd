// The browser is killed over and over while somebody writes. Whatever the diary had shown with its
// receipt is there the next time, and reaches the server once.
import { type Page, expect } from "@playwright/test";
import { diaryEntry, saveNote } from "../helpers/notes.ts";
import { ELENA, SAMIRA, enterFirstTime, everythingSent, unlock } from "../helpers/people.ts";
import { goTo } from "../helpers/phone.ts";
import { familyPath } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";

/** How often the browser is killed: a few times in every run, `KILLS=50` before a release. */
const KILLS = Number(process.env["KILLS"] ?? 6);
/** The longest that somebody may write before the battery dies. */
const WRITING_MS_MAX = 2_500;

test(`killed ${KILLS} times while writing, the browser loses nothing that was saved`, async ({
  server,
  device,
}) => {
  test.setTimeout(120_000 + KILLS * 20_000);
  const phone = device();
  let page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  // In good order once: a browser writes its cookies to disk only every half minute.
  await phone.close();
  await server.stop();
  page = await phone.open(`${family}/diario`);
  await unlock(page);
  const saved: string[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    let isDead = false;
    // Spread evenly over the time of some writes: no chance, so that a failure comes again.
    const lifeMs = 150 + ((kill * 977) % WRITING_MS_MAX);
    const death = new Promise((done) => setTimeout(done, lifeMs)).then(async () => {
      isDead = true;
      await phone.kill();
    });
    for (let note = 0; !isDead; note += 1) {
      const words = `Nota ${kill}.${note} fine`;
      try {
        await saveNote(page, family, words);
        saved.push(words);
      } catch (error) {
        if (!isDead) throw error;
      }
    }
    await death;
    page = await phone.open(`${family}/diario`);
    await unlock(page);
    await expect(page.getByRole("button", { name: "Nuova nota" })).toBeVisible();
    await showAll(page);
    for (const words of saved) {
      await expect(diaryEntry(page, words), `after kill ${kill}: ${words}`).toHaveCount(1);
    }
  }
  expect(saved.length).toBeGreaterThanOrEqual(KILLS);

  await server.start();
  await phone.findNetwork();
  await everythingSent(page);
  const sent = await phone.traffic.sent();
  expect(new Set(sent).size).toBe(sent.length);
  const reader = await enterFirstTime(device("desk"), ELENA);
  await goTo(reader, `${family}/diario`);
  await expect(diaryEntry(reader, saved.at(-1) ?? "")).toHaveCount(1);
  await showAll(reader);
  for (const words of saved) await expect(diaryEntry(reader, words)).toHaveCount(1);
  console.log(`${KILLS} kills, ${saved.length} notes saved, none lost`);
});

/** The diary shows what is recent first, and more on request. */
async function showAll(page: Page): Promise<void> {
  const more = page.getByRole("button", { name: "Mostra ancora" });
  while (await more.isVisible()) await more.click();
}
