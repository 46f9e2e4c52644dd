// No screen may shut anybody out: axe-core finds nothing, light and dark, phone and desk, in
// Italian and in English. And none is loud in two places.
import { type Page, expect } from "@playwright/test";
import { expectAccessible, expectOneLoud, expectReadable } from "../helpers/axe.ts";
import { DOORS } from "../helpers/door.ts";
import { walk } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";
import { TOURS } from "../helpers/tours.ts";

// Each tour has a server and phones of its own: no worker is left with all of them at the end.
test.describe.configure({ mode: "parallel" });

// A phone in Italian and a desk in English: each language and each size is looked at once.
const VIEWS = {
  it: { width: 360, height: 740 },
  en: { width: 1280, height: 800 },
};

for (const door of DOORS) {
  test(`the door: ${door.name}`, async ({ device }) => {
    const phone = device("phone", { hasMovableClock: true });
    await door.walk(phone, (page, name) => look(page, name));
    expect(phone.errors).toEqual([]);
  });
}

for (const tour of TOURS) {
  test(`every screen: ${tour.name}`, async ({ server, device }) => {
    test.setTimeout(900_000);
    await walk(tour, { server, device }, async (page, screen, language) => {
      await page.setViewportSize(VIEWS[language]);
      if (language === "it") await look(page, screen.name, screen.part);
      else await inTheDark(page, screen.name, screen.part);
    });
  });
}

/** All rules in light colours; in dark ones nothing differs but the colours. */
async function look(page: Page, name: string, part?: string): Promise<void> {
  await page.emulateMedia({ colorScheme: "light" });
  await expectOneLoud(page, name);
  await expectAccessible(page, `${name}, light`, part);
  await page.emulateMedia({ colorScheme: "dark" });
  await expectReadable(page, `${name}, dark`, part);
}

async function inTheDark(page: Page, name: string, part?: string): Promise<void> {
  await page.emulateMedia({ colorScheme: "dark" });
  await expectOneLoud(page, `${name}, English, desk`);
  await expectAccessible(page, `${name}, English, desk, dark`, part);
}
