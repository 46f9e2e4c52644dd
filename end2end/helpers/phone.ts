// A phone: one browser profile on disk that can be killed and opened again. The profile is the
// phone's memory; a test that reopens it sees what a person would see after a dead battery.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, type CDPSession, type Page, chromium } from "@playwright/test";
import { Traffic } from "./traffic.ts";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A microphone that beeps, and a person who allows it.
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
];

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
// Opens in half of the time, and has no pages of its own.
const WINDOWLESS = process.env["CHROMIUM_WINDOWLESS"] ?? CHROMIUM;

export interface PhoneOptions {
  /** Width and height of the screen; a small Android by default. */
  screen?: { width: number; height: number };
  scheme?: "light" | "dark";
  locale?: "it-IT" | "en-GB";
  /** Whether the journey moves the clock. It is put in before any page is there: a page whose timers
   * were set by the real clock could not cancel them any more. */
  hasMovableClock?: boolean;
  /** Whether it is the whole browser, with its own pages. */
  isWhole?: boolean;
  /** Whether it chooses how long its PIN takes, as phones do: about a second each time. The others
   * take themselves for the slowest phone that there is, and make as few passes as the app allows. */
  isTimed?: boolean;
}

export class Phone {
  /** Where the browser keeps everything, for a test that searches it for names. */
  readonly profile: string;
  /** Errors of pages since the phone was made: a journey ends with none. */
  readonly errors: string[] = [];
  /** What went to and from the server since the phone was made. */
  readonly traffic = new Traffic();
  #context: BrowserContext | undefined;
  #storage: CDPSession | undefined;
  readonly #origin: string;
  readonly #options: PhoneOptions;

  constructor(origin: string, options: PhoneOptions = {}) {
    this.profile = mkdtempSync(join(tmpdir(), "percorso-phone-"));
    this.#origin = origin;
    this.#options = options;
  }

  /** Opens the app at a path, starting the browser when it is not running. */
  async open(path = "/"): Promise<Page> {
    const context = this.#context ?? (await this.#launch());
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(this.#origin + path);
    return page;
  }

  /** Opens one more tab at a path. */
  async openTab(path = "/"): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(this.#origin + path);
    return page;
  }

  get page(): Page {
    const page = this.#context?.pages()[0];
    if (page === undefined) throw new Error("the phone is off: open it first");
    return page;
  }

  get context(): BrowserContext {
    if (this.#context === undefined) throw new Error("the phone is off: open it first");
    return this.#context;
  }

  /** Ends the browser without a word, as a dead battery does. */
  async kill(): Promise<void> {
    const context = this.#context;
    this.#context = undefined;
    if (context === undefined) return;
    const closed = new Promise((done) => context.once("close", done));
    process.kill(this.#browserProcess(), "SIGKILL");
    await closed;
  }

  /** Loses the network and finds it again, so that the page is told what a phone is told. */
  async findNetwork(): Promise<void> {
    await this.context.setOffline(true);
    await this.context.setOffline(false);
  }

  /** Lets the browser refuse every further byte, as on a full disk: within half a minute, for so
   * long it trusts what it saw the last time that it looked. */
  async fillDisk(): Promise<void> {
    // The limit holds for as long as who asked for it stays connected.
    this.#storage = await this.context.newCDPSession(this.page);
    await this.#storage.send("Storage.overrideQuotaForOrigin", {
      origin: this.#origin,
      quotaSize: 1,
    });
  }

  /** Somebody removed a video: there is room again. */
  async makeRoom(): Promise<void> {
    await this.#storage?.send("Storage.overrideQuotaForOrigin", { origin: this.#origin });
  }

  /** Erases what the browser keeps for the app, as it does itself when it needs the space or has not
   * seen anybody for long: `all`, or some of the kinds that the DevTools protocol lists under
   * `Storage.StorageType`. */
  async erase(...kinds: string[]): Promise<void> {
    const storage = await this.context.newCDPSession(this.page);
    await storage.send("Storage.clearDataForOrigin", {
      origin: this.#origin,
      storageTypes: kinds.join(","),
    });
    await storage.detach();
  }

  /** Closes the browser in good order, as a phone does with an app that was put away. */
  async close(): Promise<void> {
    await this.#context?.close();
    this.#context = undefined;
  }

  /** Closes the browser and removes the profile. */
  async remove(): Promise<void> {
    await this.close();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  async #launch(): Promise<BrowserContext> {
    const screen = this.#options.screen ?? { width: 360, height: 740 };
    const context = await chromium.launchPersistentContext(this.profile, {
      baseURL: this.#origin,
      executablePath: this.#options.isWhole === true ? CHROMIUM : WINDOWLESS,
      args: FLAGS,
      headless: true,
      viewport: screen,
      hasTouch: screen.width < 600,
      colorScheme: this.#options.scheme ?? "light",
      locale: this.#options.locale ?? "it-IT",
      timezoneId: "Europe/Rome",
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(15_000);
    if (this.#options.hasMovableClock === true) await context.clock.install();
    if (this.#options.isTimed !== true) await context.addInitScript(seemSlow);
    this.traffic.listen(context);
    context.on("weberror", (error) => this.errors.push(String(error.error().stack ?? error.error())));
    this.#context = context;
    return context;
  }

  /** The browser's own process, found by the profile that only it uses; before it may stand a script
   * that started it. */
  #browserProcess(): number {
    const list = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8", maxBuffer: 1e8 });
    const line = list
      .split("\n")
      .findLast((one) => one.includes(`--user-data-dir=${this.profile}`) && !one.includes("--type="));
    const pid = Number.parseInt(line ?? "", 10);
    if (Number.isNaN(pid)) throw new Error("the browser's process was not found");
    return pid;
  }
}

/** What the worker that derives keys says of its time is much longer than it was. */
function seemSlow(): void {
  const data = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data");
  Object.defineProperty(MessageEvent.prototype, "data", {
    get(this: MessageEvent) {
      const said: unknown = data?.get?.call(this);
      const isTimed = typeof said === "object" && said !== null && "tookMs" in said;
      return isTimed ? { ...said, tookMs: 60_000 } : said;
    },
  });
}

/** Follows a link inside the app: a fresh load would lock it. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((target) => {
    history.pushState({}, "", target);
    dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  }, path);
  await page.waitForURL(`**${path}`);
}

/** From the next page on, this phone's clock says that so many days have passed. */
export async function letDaysPass(page: Page, days: number): Promise<void> {
  await page.addInitScript((passedMs) => {
    const now = Date.now;
    Date.now = () => now() + passedMs;
  }, days * 86_400_000);
}

/** From the next page on, this phone's clock is wrong by so much. */
export async function setClockOff(phone: Phone, ms: number): Promise<void> {
  await phone.context.addInitScript((off) => {
    const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...parts: number[]) {
        if (parts.length === 0) super(Real.now() + off);
        else super(...(parts as [number]));
      }
      static override now(): number {
        return Real.now() + off;
      }
    } as DateConstructor;
  }, ms);
}
