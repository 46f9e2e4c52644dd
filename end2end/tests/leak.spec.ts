// Whoever finds the phone finds nothing: no name and no word of a family lies readable on its
// disk, in its caches, in an address or in the server's log; nor does anything that opens them.
import { expect, test } from "@playwright/test";
import { NAMES, filesWith } from "../helpers/disk.ts";
import { PASSWORD, PIN, SAMIRA, enterFirstTime, everythingSent } from "../helpers/people.ts";
import { Phone, goTo } from "../helpers/phone.ts";
import { familyPath } from "../helpers/screens.ts";
import { Server } from "../helpers/server.ts";

const CANARY = "Pappagallo-Zafferano-Quarantadue";

test("nothing of a family is readable on the phone's disk, in caches or in the log", async () => {
  const server = await Server.fresh();
  const phone = new Phone(server.origin);
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await goTo(page, `${family}/diario`);
  await page.getByRole("button", { name: "Nuova nota" }).click();
  await page.getByLabel("Che cosa vuoi ricordare").fill(`${CANARY}, detto da Amina.`);
  await page.getByRole("button", { name: "Salva" }).click();
  await expect(page.getByText("Nota salvata. Sul telefono.")).toBeVisible();
  await everythingSent(page);

  const kept = await page.evaluate(async () => {
    const addresses: string[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      addresses.push(...(await cache.keys()).map((request) => new URL(request.url).pathname));
    }
    return addresses;
  });
  expect(kept.length).toBeGreaterThan(3);
  expect(kept.filter((address) => /api|famigli|ufficio|accesso/.test(address))).toEqual([]);
  expect(await page.title()).not.toMatch(/Hassan|Amina/);

  const session = (await phone.context.cookies()).find((cookie) => cookie.httpOnly)?.value ?? "";
  expect(session.length).toBeGreaterThan(20);
  // First in good order, so that everything the browser still held is on disk.
  await phone.close();
  // The alarm is tried out: what the app may keep in clear is found.
  expect(filesWith(phone.profile, "percorso.language")).not.toEqual([]);
  for (const word of [CANARY, ...NAMES, PASSWORD, PIN]) {
    expect(filesWith(phone.profile, word), `files that hold «${word}»`).toEqual([]);
    expect(server.log.includes(word), `the server's log holds «${word}»`).toBe(false);
  }
  // The browser keeps its cookies itself; the server must not write them down.
  expect(server.log).not.toContain(session);
  expect(phone.errors).toEqual([]);
  await phone.remove();
  await server.remove();
});
