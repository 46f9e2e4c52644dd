// No screen may shut anybody out: axe-core finds nothing, light and dark, phone and desk.
import { expect, test } from "@playwright/test";
import { expectAccessible } from "../helpers/axe.ts";
import { Phone } from "../helpers/phone.ts";
import { TOURS, atTheDoor } from "../helpers/screens.ts";
import { Server } from "../helpers/server.ts";

const SIZES = [
  { width: 360, height: 740 },
  { width: 1280, height: 800 },
];
const SCHEMES = ["light", "dark"] as const;

let server: Server;

test.beforeAll(async () => {
  server = await Server.fresh();
});

test.afterAll(async () => {
  await server.remove();
});

test("the door: sign-in, PIN, unlocking", async () => {
  const phone = new Phone(server.origin);
  await atTheDoor(phone, async (page, name) => {
    for (const scheme of SCHEMES) {
      await page.emulateMedia({ colorScheme: scheme });
      await expectAccessible(page, `${name}, ${scheme}`);
    }
  });
  expect(phone.errors).toEqual([]);
  await phone.remove();
});

for (const tour of TOURS) {
  test(`every screen of ${tour.person.name}`, async () => {
    const phone = new Phone(server.origin);
    const page = await tour.start(phone);
    for (const screen of tour.screens) {
      await test.step(screen.name, async () => {
        for (const size of SIZES) {
          await page.setViewportSize(size);
          await screen.show(page);
          for (const scheme of SCHEMES) {
            await page.emulateMedia({ colorScheme: scheme });
            await expectAccessible(page, `${screen.name}, ${size.width} px, ${scheme}`);
          }
        }
      });
    }
    expect(phone.errors).toEqual([]);
    await phone.remove();
  });
}
