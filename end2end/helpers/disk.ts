// What lies on a phone's disk, for tests that look for what must not.
import { type Dirent, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Names of the family that the demonstration tells in full. */
export const NAMES = ["Hassan", "Amina", "Youssef", "أمينة"];

/** Files that hold some bytes, or a word in one of the two encodings in which a browser writes
 * text. */
export function filesWith(folder: string, word: string | Buffer): string[] {
  const written =
    typeof word === "string" ? [Buffer.from(word, "utf8"), Buffer.from(word, "utf16le")] : [word];
  const entries: Dirent[] = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = contents(file);
      return written.some((letters) => bytes.includes(letters));
    });
}

/** What a file holds; nothing where a running browser took it away since the folder was read. */
function contents(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}
