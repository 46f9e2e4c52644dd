// No screen may shut anybody out: axe-core finds nothing, light and dark, phone and desk, in
// Italian and in English. And none is loud in two places.
import { type Page, expect } from "@playwright/test";
import { expectAccessible, expectOneLoud, expectReadable } from "../helpers/axe.ts";
import { DOORS } from "../helpers/door.ts";
import { walk } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";
import { TOURS } from "../helpers/tours.ts";

// Each language, each size and each look once; all rules each time. Not every pair of them: no
// colour of the style sheet depends on the size.
const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 800 };

for (const door of DOORS) {
  test(`the door: ${door.name}`, async ({ device }) => {
    const phone = device("phone", { hasMovableClock: true });
    await door.walk(phone, (page, name) => look(page, name));
    expect(phone.errors).toEqual([]);
  });
}

for (const tour of TOURS) {
  test(`every screen: ${tour.name}`, async ({ server, device }) => {
    test.setTimeout(480_000);
    await walk(tour, { server, device }, async (page, screen, language) => {
      const isPhone = language === "it";
      await page.setViewportSize(isPhone ? PHONE : DESK);
      await page.emulateMedia({ colorScheme: isPhone ? "light" : "dark" });
      const seen = isPhone ? "Italian, phone, light" : "English, desk, dark";
      await expectOneLoud(page, `${screen.name}, ${seen}`);
      await expectAccessible(page, `${screen.name}, ${seen}`, screen.part);
    });
  });
}

/** All rules in light colours; in dark ones nothing differs but the colours. */
async function look(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: "light" });
  await expectOneLoud(page, name);
  await expectAccessible(page, `${name}, light`);
  await page.emulateMedia({ colorScheme: "dark" });
  await expectReadable(page, `${name}, dark`);
}
