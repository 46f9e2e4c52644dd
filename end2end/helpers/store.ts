// The phone's store as an older build left it: the same sealed rows under an earlier layout.
import type { Page } from "@playwright/test";

/** A layout that was once in use: its version and its stores. */
export interface Layout {
  version: number;
  stores: string[];
}

/** Every layout before today's, oldest first. Nothing is ever taken from this list. */
export const EARLIER: Layout[] = [
  { version: 1, stores: ["packs", "outbox", "meta", "drafts"] },
  { version: 2, stores: ["packs", "outbox", "meta", "drafts", "sealed"] },
];

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

/** Raises every copy to a version that no build of today knows. */
export async function outdate(page: Page): Promise<void> {
  await page.goto("/robots.txt");
  await page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) {
      if (name === undefined) continue;
      await new Promise((done, failed) => {
        const opening = indexedDB.open(name, 99);
        opening.onsuccess = () => done(opening.result.close());
        opening.onerror = () => failed(opening.error);
      });
    }
  });
}
