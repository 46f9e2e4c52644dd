// A voice note on a bad day: the battery dies while somebody speaks, the disk has no room for it.
import { readFileSync } from "node:fs";
import { expect } from "@playwright/test";
import { filesWith } from "../helpers/disk.ts";
import { SAMIRA, enterFirstTime, everythingSent, unlock } from "../helpers/people.ts";
import { goTo } from "../helpers/phone.ts";
import { familyPath } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";
import { hears, speak } from "../helpers/voice.ts";

const CUT_OFF = /^Una nota a voce del Diario si è interrotta dopo 0:(0[3-9]|1\d)\./;
const SAVED = "Nota a voce salvata. Sul telefono.";
/** How every WebM file begins, in the alphabet in which rows of a recording lie. */
const BEGINNING = "GkXfo";

test("what was spoken before the battery died is found where it was spoken, and saved once", async ({
  server,
  device,
}) => {
  const phone = device();
  let page = await enterFirstTime(phone, SAMIRA);
  const diary = `${await familyPath(page)}/diario`;
  await everythingSent(page);
  // In good order once: a browser writes its cookies to disk only every half minute.
  await phone.close();
  page = await phone.open(diary);
  await unlock(page);
  await speak(page);
  // What was said until the second before is on its way to the disk.
  await expect(page.locator(".attach__time")).toHaveText(/^0:(0[89]|1\d)$/, { timeout: 20_000 });
  await phone.kill();
  expect(filesWith(phone.profile, BEGINNING), "sealed on the phone").toEqual([]);

  page = await phone.open(diary);
  await unlock(page);
  await expect(page.getByText(CUT_OFF)).toBeVisible();
  await expect(page.getByRole("button", { name: "Voce" }), "the next waits").toHaveCount(0);
  await page.getByRole("button", { name: "Salvala" }).click();
  await expect(page.getByText(SAVED)).toBeVisible();
  await expect(page.getByText(CUT_OFF)).toHaveCount(0);
  await hears(page);
  await everythingSent(page);
  expect(server.attachments.length, "one recording").toBe(1);
  // The alarm is tried out: so a recording begins.
  const sent = readFileSync(server.attachments[0] ?? "").toString("base64");
  expect(sent.startsWith(BEGINNING)).toBe(true);

  await phone.kill();
  page = await phone.open(diary);
  await unlock(page);
  await expect(page.getByRole("button", { name: "Voce" })).toBeVisible();
  await expect(page.getByText(CUT_OFF)).toHaveCount(0);
  expect(phone.errors).toEqual([]);
});

test("a voice for which the disk has no room is saved once there is, or as a file, and nothing is spoken again", async ({
  device,
}) => {
  const phone = device();
  const page = await enterFirstTime(phone, SAMIRA);
  const diary = `${await familyPath(page)}/diario`;
  await everythingSent(page);
  await goTo(page, diary);
  await phone.fillDisk();
  await speak(page);
  // For half a minute the browser trusts what it saw the last time that it looked.
  const full = page.getByText("Non è salvato: la memoria del telefono è piena.");
  const stop = page.getByRole("button", { name: "Ferma e salva" });
  await expect(async () => {
    if (await full.isVisible()) return;
    if (!(await stop.isVisible())) await speak(page);
    await expect(page.locator(".attach__time")).toHaveText(/^0:(0[3-9]|\d\d)$/);
    await stop.click();
    await expect(full).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 90_000 });

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Salva come file" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("percorso.webm");
  const bytes = readFileSync(await file.path());
  expect(bytes.subarray(0, 4).toString("hex"), "a recording").toBe("1a45dfa3");

  const before = await page.getByRole("button", { name: /^Ascolta/ }).count();
  await phone.makeRoom();
  await expect(async () => {
    const again = page.getByRole("button", { name: "Riprova" });
    if (await again.isVisible()) await again.click();
    const voices = page.getByRole("button", { name: /^Ascolta/ });
    await expect(voices).toHaveCount(before + 1, { timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  await everythingSent(page);
  expect(phone.errors).toEqual([]);
});

test("a recording that was cut off can be thrown away, and the next one is not touched", async ({
  device,
}) => {
  const phone = device();
  let page = await enterFirstTime(phone, SAMIRA);
  const diary = `${await familyPath(page)}/diario`;
  await everythingSent(page);
  await goTo(page, diary);
  await speak(page);
  await expect(page.locator(".attach__time")).toHaveText(/^0:(0[89]|1\d)$/, { timeout: 20_000 });
  await phone.kill();
  page = await phone.open(diary);
  await unlock(page);
  await expect(page.getByText(CUT_OFF)).toBeVisible();
  await page.getByRole("button", { name: "Butta via" }).click();
  await expect(page.getByText(CUT_OFF)).toHaveCount(0);
  await speak(page);
  await expect(page.locator(".attach__time")).toHaveText(/^0:0[2-9]$/);
  await page.getByRole("button", { name: "Ferma e salva" }).click();
  await expect(page.getByText(SAVED)).toBeVisible();
  await goTo(page, "/oggi");
  await goTo(page, diary);
  await expect(page.getByRole("button", { name: /^Ascolta, 0:0[1-9]$/ })).toHaveCount(1);
  await expect(page.getByText(CUT_OFF)).toHaveCount(0);
  expect(phone.errors).toEqual([]);
});
