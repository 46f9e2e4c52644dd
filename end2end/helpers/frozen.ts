// Phones as a release left them, each with the server that it spoke to: kept as files, so that every
// later build is held against what lies on real phones. People and families in them are invented.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";

const FOLDER = resolve(dirname(fileURLToPath(import.meta.url)), "../fixtures/phones");

/** A database of the browser, with its version, and each row by its key, in base64. */
interface Database {
  name: string;
  version: number;
  stores: Record<string, Record<string, string>>;
}

/** What the browser keeps for the app. */
export interface Kept {
  databases: Database[];
  settings: Record<string, string>;
}

/** What a phone's owner left on it when they put it away: in a family's diary a note and a photo,
 * both unsent, and a note half written. */
export interface Left {
  password: string;
  family: string;
  saved: string;
  typed: string;
  /** Absent from phones that were put away before there was any. */
  plan?: LeftPlan;
}

/** The family's plan, which it agreed to and its social worker approved, and what else was left: a
 * visit, unsent; the goal's next step and one more person, both half written. */
export interface LeftPlan {
  goal: string;
  visit: string;
  step: string;
  person: string;
  /** The social worker's password. */
  reader: string;
}

export interface FrozenPhone extends Kept, Left {
  /** When it was put away: without the server a copy opens for some days only. */
  at: number;
  pin: string;
}

/** The names under which phones were frozen. */
export function frozenPhones(): string[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

const PHONE = "phone.json.gz";

/** Puts a phone away, with the files of its server. What was frozen is never written again. */
export function freeze(name: string, phone: FrozenPhone, files: Map<string, Buffer>): void {
  const folder = join(FOLDER, name);
  mkdirSync(folder);
  const write = (file: string, text: string | Buffer): void =>
    writeFileSync(join(folder, file), gzipSync(text, { level: 9 }));
  write(PHONE, JSON.stringify(phone));
  for (const [file, bytes] of files) write(`${file}.gz`, bytes);
}

/** A phone that was put away, and the files of its server. */
export function frozen(name: string): { phone: FrozenPhone; files: Map<string, Buffer> } {
  const read = (file: string): Buffer => gunzipSync(readFileSync(join(FOLDER, name, file)));
  const phone: FrozenPhone = JSON.parse(read(PHONE).toString());
  const others = readdirSync(join(FOLDER, name)).filter((file) => file !== PHONE);
  return { phone, files: new Map(others.map((file) => [basename(file, ".gz"), read(file)])) };
}

/** Everything that the browser keeps. No tab of the app may be open. */
export async function allKept(page: Page): Promise<Kept> {
  await page.goto("/robots.txt");
  return page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
    const text = (row: Uint8Array): string =>
      btoa(Array.from(row, (byte) => String.fromCharCode(byte)).join(""));
    const databases = [];
    for (const { name = "" } of await indexedDB.databases()) {
      const open = await settled(indexedDB.open(name));
      const stores: Record<string, Record<string, string>> = {};
      for (const store of Array.from(open.objectStoreNames)) {
        const rows = open.transaction(store).objectStore(store);
        const keys = await settled(rows.getAllKeys());
        const values: unknown[] = await settled(rows.getAll());
        stores[store] = Object.fromEntries(
          keys.map((key, at) => {
            const row = values[at];
            // Anything else would come back as something else.
            if (typeof key === "string" && row instanceof Uint8Array) return [key, text(row)];
            throw new Error(`${store} of ${name} holds something else than bytes under a text`);
          }),
        );
      }
      databases.push({ name, version: open.version, stores });
      open.close();
    }
    return { databases, settings: { ...localStorage } };
  });
}

/** Gives a browser that never saw the app what another one kept. */
export async function thaw(page: Page, { databases, settings }: Kept): Promise<void> {
  await page.goto("/robots.txt");
  await page.evaluate(
    async ([databases, settings]) => {
      const bytes = (text: string): Uint8Array =>
        Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      for (const { name, version, stores } of databases) {
        await new Promise<void>((done, failed) => {
          const opening = indexedDB.open(name, version);
          opening.onerror = () => failed(opening.error);
          opening.onupgradeneeded = () => {
            for (const [store, rows] of Object.entries(stores)) {
              const created = opening.result.createObjectStore(store);
              for (const [key, row] of Object.entries(rows)) created.put(bytes(row), key);
            }
          };
          opening.onsuccess = () => {
            opening.result.close();
            done();
          };
        });
      }
      for (const [key, value] of Object.entries(settings)) localStorage.setItem(key, value);
    },
    [databases, settings] as const,
  );
}
