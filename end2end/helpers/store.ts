// The phone's store as it is not every day: as an older build left it, the same sealed rows under an
// earlier layout; as a newer build takes it over; on a slow disk; closed by the browser.
import { type Locator, type Page, expect } from "@playwright/test";

/** A layout that was once in use: its version and its stores. */
export interface Layout {
  version: number;
  stores: string[];
}

/** Every layout before today's, oldest first. Nothing is ever taken from this list. */
export const EARLIER: Layout[] = [
  { version: 1, stores: ["packs", "outbox", "meta", "drafts"] },
  { version: 2, stores: ["packs", "outbox", "meta", "drafts", "sealed"] },
  { version: 3, stores: ["packs", "outbox", "meta", "drafts", "sealed", "uploads", "files"] },
];

/** Today's. Before it changes, it is added to the earlier ones. */
export const TODAY: Layout = {
  version: 4,
  stores: ["packs", "outbox", "meta", "drafts", "sealed", "uploads", "files", "receipts"],
};

/** Rewrites every copy on this device under another layout. No tab of the app may be open. */
export async function rewrite(page: Page, layout: Layout): Promise<number> {
  await page.goto("/robots.txt");
  return page.evaluate(async ({ version, stores }) => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
    const copies: string[] = [];
    for (const { name } of await indexedDB.databases()) {
      if (name === undefined) continue;
      const before = await settled(indexedDB.open(name));
      if (!before.objectStoreNames.contains("packs")) {
        before.close();
        continue;
      }
      const rows: [string, IDBValidKey[], unknown[]][] = [];
      for (const store of stores) {
        const open = before.transaction(store).objectStore(store);
        rows.push([store, await settled(open.getAllKeys()), await settled(open.getAll())]);
      }
      before.close();
      await settled(indexedDB.deleteDatabase(name));
      const opening = indexedDB.open(name, version);
      opening.onupgradeneeded = () => {
        for (const store of stores) opening.result.createObjectStore(store);
      };
      const after = await settled(opening);
      for (const [store, keys, values] of rows) {
        const open = after.transaction(store, "readwrite").objectStore(store);
        for (const [at, key] of keys.entries()) await settled(open.put(values[at], key));
      }
      after.close();
      copies.push(name);
    }
    return copies.length;
  }, layout);
}

/** Raises everything that is kept to a version that no build of today knows. */
export async function outdate(page: Page): Promise<void> {
  await page.goto("/robots.txt");
  await raise(page, "percorso");
}

/** Takes every copy over, as a newer build in another tab does that knows a newer layout. */
export async function takeOver(page: Page): Promise<void> {
  await raise(page, "percorso-");
}

async function raise(page: Page, prefix: string): Promise<void> {
  await page.evaluate(async (prefix) => {
    for (const { name } of await indexedDB.databases()) {
      if (!name?.startsWith(prefix)) continue;
      await new Promise((done, failed) => {
        const opening = indexedDB.open(name, 99);
        opening.onsuccess = () => done(opening.result.close());
        opening.onerror = () => failed(opening.error);
      });
    }
  }, prefix);
}

/** Lets the next record take so long to be written, as on a slow disk. Is done once that has
 * begun. */
export async function slowRecord(page: Page, ms: number): Promise<void> {
  await page.evaluate(async (ms) => {
    const begin = IDBDatabase.prototype.transaction;
    await new Promise<void>((begun) => {
      IDBDatabase.prototype.transaction = function (...asked) {
        const transaction = begin.apply(this, asked);
        const isRecord = transaction.objectStoreNames.contains("outbox");
        if (transaction.mode !== "readwrite" || !isRecord) return transaction;
        IDBDatabase.prototype.transaction = begin;
        const until = performance.now() + ms;
        // A transaction goes on for as long as something is asked of it.
        const ask = (): void => {
          if (performance.now() > until) return;
          transaction.objectStore("outbox").count().onsuccess = ask;
        };
        ask();
        begun();
        return transaction;
      };
    });
  }, ms);
}

/** The browser's own page about stores, beside the app: it closes a store under the app that has it
 * open, as the browser does by itself when its disk fails. */
export class StoreCloser {
  readonly #internals: Page;

  private constructor(internals: Page) {
    this.#internals = internals;
  }

  static async beside(app: Page): Promise<StoreCloser> {
    const closer = new StoreCloser(await app.context().newPage());
    // Whoever is covered by another tab is drawn once a second only.
    await app.bringToFront();
    return closer;
  }

  /** Finds the store that the app has open. */
  async aim(): Promise<void> {
    await this.#internals.goto("chrome://indexeddb-internals");
    await expect(this.#connections()).toHaveText(/^\s*[1-9]/);
  }

  /** Closes what was found. */
  async close(): Promise<void> {
    await this.#internals.getByText("Force close", { exact: true }).dispatchEvent("click");
    await expect(this.#connections()).toHaveText("0");
  }

  #connections(): Locator {
    return this.#internals.getByText("Open connections:").locator("xpath=following-sibling::span");
  }
}
