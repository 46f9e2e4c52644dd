// A test with a server of its own and as many phones as it asks for; all are gone afterwards.
import { test as base } from "@playwright/test";
import { Phone } from "./phone.ts";
import { Server } from "./server.ts";

interface Stage {
  server: Server;
  /** Makes a phone, or a desk with a wide screen. */
  device: (kind?: "phone" | "desk") => Phone;
}

const DESK = { width: 1280, height: 800 };

export const test = base.extend<Stage>({
  server: async ({}, use) => {
    const server = await Server.fresh();
    await use(server);
    await server.remove();
  },
  device: async ({ server }, use) => {
    const devices: Phone[] = [];
    await use((kind = "phone") => {
      const device = new Phone(server.origin, kind === "desk" ? { screen: DESK } : {});
      devices.push(device);
      return device;
    });
    for (const device of devices) await device.remove();
  },
});
