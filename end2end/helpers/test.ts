// A test with a server of its own and as many phones as it asks for; all are gone afterwards.
import { test as base } from "@playwright/test";
import { Phone, type PhoneOptions } from "./phone.ts";
import { Server } from "./server.ts";

/** Makes a phone, or a desk with a wide screen. */
export type MakeDevice = (kind?: "phone" | "desk", options?: PhoneOptions) => Phone;

/** What a journey has to play with. */
export interface Stage {
  server: Server;
  device: MakeDevice;
}

/** The screen of a desk. */
export const DESK = { width: 1280, height: 800 };

export const test = base.extend<Stage>({
  server: async ({}, use) => {
    const server = await Server.fresh();
    await use(server);
    await server.remove();
  },
  device: async ({ server }, use) => {
    const devices: Phone[] = [];
    await use((kind = "phone", options = {}) => {
      const screen = kind === "desk" ? { screen: DESK } : {};
      const device = new Phone(server.origin, { ...screen, ...options });
      devices.push(device);
      return device;
    });
    for (const device of devices) await device.remove();
  },
});
