// Phones with another engine than Chromium's: Firefox over WebDriver BiDi, and WebKit, the nearest
// to Safari that Linux has, over classic WebDriver. Both are driven through one small door: a
// function that runs in the page. Things are found by the names that a person sees or hears.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer, { type Browser } from "puppeteer-core";

const FIREFOX = process.env["FIREFOX"] ?? "/usr/bin/firefox-esr";
const WEBKIT_DRIVER = process.env["WEBKIT_DRIVER"] ?? "/usr/bin/WebKitWebDriver";
const MINI_BROWSERS = [
  "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
  "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.0/MiniBrowser",
  "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
];
const WAIT_MS = 90_000;

type Kind = "button" | "field" | "text" | "chip";

/** A browser whose page can be asked anything, and that dies like a phone. */
interface Engine {
  /** Goes to an address, starting the browser when it is not running. */
  open(address: string): Promise<void>;
  /** Runs the text of a function's body in the page. */
  run<T>(body: string, args: unknown[]): Promise<T>;
  /** Ends the app without a word. */
  kill(): Promise<void>;
  remove(): Promise<void>;
}

export class ForeignPhone {
  readonly #engine: Engine;
  readonly #origin: string;

  constructor(engine: Engine, origin: string) {
    this.#engine = engine;
    this.#origin = origin;
  }

  open(path: string): Promise<void> {
    return this.#engine.open(this.#origin + path);
  }

  kill(): Promise<void> {
    return this.#engine.kill();
  }

  remove(): Promise<void> {
    return this.#engine.remove();
  }

  /** Runs the text of a function's body in the page. */
  run<T>(body: string, ...args: unknown[]): Promise<T> {
    return this.#engine.run<T>(body, args);
  }

  /** Presses a button, a link or a chip, by its name. */
  async press(name: string, kind: Kind = "button"): Promise<void> {
    await this.#until(`press «${name}»`, () => this.#act(kind, name, null));
  }

  /** Types into a field, by its label. */
  async fill(label: string, text: string): Promise<void> {
    await this.#until(`fill «${label}»`, () => this.#act("field", label, text));
  }

  /** Waits until somebody could read this. */
  async sees(text: string): Promise<void> {
    await this.#until(`see «${text}»`, () => this.#act("text", text, null));
  }

  /** Waits until a question about the page is answered with yes. */
  async until(what: string, body: string, ...args: unknown[]): Promise<void> {
    await this.#until(what, () => this.#engine.run<boolean>(body, args));
  }

  #act(kind: Kind, name: string, text: string | null): Promise<boolean> {
    return this.#engine.run<boolean>(ACT, [kind, name, text]);
  }

  async #until(what: string, ask: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + WAIT_MS;
    let last = "";
    while (Date.now() < deadline) {
      try {
        if (await ask()) return;
      } catch (error) {
        // A page that is just going away cannot answer; the next one can.
        last = String(error);
      }
      await new Promise((done) => setTimeout(done, 100));
    }
    const page = await this.run<string>("return document.body.innerText").catch(() => "no page");
    throw new Error(`could not ${what}: ${last}\n${page.slice(0, 2_000)}`);
  }
}

/** Finds something by kind and name and does what a person does with it. */
const ACT = `
  const [kind, name, text] = arguments;
  const shown = (one) => one.getClientRects().length > 0;
  const words = (one) => (one.getAttribute("aria-label") ?? one.textContent).trim().replace(/\\s+/g, " ");
  if (kind === "text") return document.body.innerText.includes(name);
  if (kind === "field") {
    const labels = [...document.querySelectorAll("label")].filter((one) => words(one) === name);
    const field = labels.map((one) => one.control).find((one) => one && shown(one))
      ?? [...document.querySelectorAll("input, textarea")].find((one) => one.getAttribute("aria-label") === name);
    if (!field) return false;
    const kindOf = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
    field.focus();
    Object.getOwnPropertyDescriptor(kindOf.prototype, "value").set.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }
  const all = [...document.querySelectorAll(kind === "chip" ? "label" : "button, a")];
  const found = all.find((one) => shown(one) && !one.disabled
    && (words(one) === name || (kind === "chip" && words(one).startsWith(name))));
  found?.click();
  return found !== undefined;
`;

/** Whether this machine has the browser. */
export const has = {
  firefox: existsSync(FIREFOX),
  webkit: existsSync(WEBKIT_DRIVER) && MINI_BROWSERS.some((one) => existsSync(one)),
};

export class Firefox implements Engine {
  readonly #profile = mkdtempSync(join(tmpdir(), "percorso-firefox-"));
  #browser: Browser | undefined;

  async open(address: string): Promise<void> {
    this.#browser ??= await puppeteer.launch({
      browser: "firefox",
      executablePath: FIREFOX,
      userDataDir: this.#profile,
      headless: true,
      extraPrefsFirefox: { "intl.accept_languages": "it-IT", "network.captive-portal-service.enabled": false },
    });
    const page = (await this.#browser.pages())[0] ?? (await this.#browser.newPage());
    await page.goto(address);
  }

  async run<T>(body: string, args: unknown[]): Promise<T> {
    const page = (await this.#browser?.pages())?.[0];
    if (page === undefined) throw new Error("the browser is not running");
    const call = `(function () { ${body} }).apply(null, ${JSON.stringify(args)})`;
    return (await page.evaluate(call)) as T;
  }

  async kill(): Promise<void> {
    const ended = this.#browser?.process();
    this.#browser = undefined;
    if (!ended) return;
    const gone = new Promise((done) => ended.once("exit", done));
    ended.kill("SIGKILL");
    await gone;
    // A dead Firefox leaves its lock behind.
    rmSync(join(this.#profile, "lock"), { force: true });
    rmSync(join(this.#profile, ".parentlock"), { force: true });
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** WebKit keeps an automated session's data in memory, and ends the session with the process of its
 * page. So the page goes instead, as iOS throws an app away: closed at once, without a question. */
export class WebKit implements Engine {
  #driver: ChildProcess | undefined;
  #base = "";
  #session = "";

  async open(address: string): Promise<void> {
    if (this.#session === "") await this.#start();
    await this.#ask("POST", "/url", { url: address });
  }

  async run<T>(body: string, args: unknown[]): Promise<T> {
    return (await this.#ask("POST", "/execute/sync", { script: body, args })) as T;
  }

  async kill(): Promise<void> {
    const empty = (await this.#ask("POST", "/window/new", { type: "window" })) as { handle: string };
    await this.#ask("DELETE", "/window", undefined);
    await this.#ask("POST", "/window", { handle: empty.handle });
  }

  async remove(): Promise<void> {
    await this.#ask("DELETE", "", undefined).catch(() => undefined);
    const driver = this.#driver;
    if (driver?.pid !== undefined) process.kill(-driver.pid, "SIGKILL");
  }

  async #start(): Promise<void> {
    const port = await freePort();
    // It tells pages that its person reads the language of the machine, whichever that is; of this
    // one they know none, and speak Italian.
    const noLanguage = { LANG: "C.UTF-8", LC_ALL: "C.UTF-8", LANGUAGE: "" };
    const env = { ...process.env, ...noLanguage, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" };
    // In a group of its own, so that it goes as a whole.
    this.#driver = spawn("xvfb-run", ["-a", WEBKIT_DRIVER, `--port=${port}`], {
      env,
      detached: true,
      stdio: "ignore",
    });
    this.#base = `http://127.0.0.1:${port}/session`;
    const binary = MINI_BROWSERS.find((one) => existsSync(one));
    const options = { "webkitgtk:browserOptions": { binary, args: ["--automation"] } };
    const wanted = { capabilities: { alwaysMatch: options } };
    const deadline = Date.now() + WAIT_MS;
    for (;;) {
      try {
        const made = (await this.#ask("POST", "", wanted)) as { sessionId: string };
        this.#session = `/${made.sessionId}`;
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await new Promise((done) => setTimeout(done, 200));
      }
    }
  }

  async #ask(method: string, path: string, body: unknown): Promise<unknown> {
    const reply = await fetch(this.#base + this.#session + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { value } = (await reply.json()) as { value: { error?: string; message?: string } };
    if (!reply.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  }
}

async function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => done(port));
    });
  });
}
