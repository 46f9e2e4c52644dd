// What a phone downloads the first time, compressed here with brotli at its best, so that the
// figure does not depend on how the site was built.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const ENCODED = new Set([".br", ".gz", ".zst", ".map", ".ts", ".txt"]);

/** `wasm_br_bytes` and `first_load_br_bytes` of what the first screen waits for, and
    `all_wasm_br_bytes` with the screens behind the gate, which come later. */
export function sizes(root) {
  const site = path.join(root, "target/site");
  const figures = { wasm_br_bytes: 0, first_load_br_bytes: 0, all_wasm_br_bytes: 0 };
  for (const entry of readdirSync(site, { recursive: true, withFileTypes: true })) {
    const kind = path.extname(entry.name);
    if (!entry.isFile() || ENCODED.has(kind)) continue;
    const content = readFileSync(path.join(entry.parentPath ?? entry.path, entry.name));
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    };
    const { length } = brotliCompressSync(content, { params });
    if (kind === ".wasm") figures.all_wasm_br_bytes += length;
    if (isLater(path.relative(site, path.join(entry.parentPath ?? entry.path, entry.name)))) continue;
    figures.first_load_br_bytes += Math.min(length, content.length);
    if (kind === ".wasm") figures.wasm_br_bytes += length;
  }
  return figures;
}

/** The build calls the wasm of later parts `split_…` or `chunk_…`; its list is for tools. What
    families read comes with their language. */
function isLater(file) {
  return /^(lingue|obiettivi)\/|^pkg\/(split|chunk)_.*\.wasm$|^pkg\/__wasm_split_manifest\./.test(file);
}
