// The table for people and the file for tools.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The rows: what is measured, its unit, what is wanted and above what it is a failure. */
const ROWS = [
  { key: "pull_10k_ms", what: "first sync, 10,000 records", unit: "ms", target: 500, fail: 1000 },
  { key: "pull_10k_bytes", what: "  on the wire", unit: "B" },
  { key: "push_500_ms", what: "send 500 offline edits", unit: "ms", target: 200, fail: 500 },
  { key: "push_500_bytes", what: "  on the wire", unit: "B" },
  { key: "idle_ms", what: "idle sync", unit: "ms", target: 10 },
  { key: "idle_requests", what: "  requests", unit: "", target: 1, fail: 2 },
  { key: "idle_bytes", what: "  on the wire", unit: "B", target: 1000 },
  { key: "idle_body_bytes", what: "  of that, bodies", unit: "B" },
  { key: "unlock_10k_ms", what: "unlock without the KDF", unit: "ms", target: 200 },
  { key: "wasm_br_bytes", what: "wasm, brotli", unit: "B", target: 400_000, fail: 500_000 },
  { key: "all_wasm_br_bytes", what: "  with what comes after start", unit: "B" },
  { key: "first_load_br_bytes", what: "first load, brotli", unit: "B", target: 470_000, fail: 600_000 },
];

function number(value, unit) {
  if (value === undefined) return "–";
  const text = value >= 100 ? Math.round(value).toLocaleString("en") : String(Math.round(value * 10) / 10);
  return unit ? `${text} ${unit}` : text;
}

/** Prints every contestant beside the others; a peer's figure is followed by its ratio to ours. */
export function print(columns) {
  const ours = columns.find((column) => column.key === "percorso");
  const cell = (row, column) => {
    const value = column.figures[row.key];
    const base = ours?.figures[row.key];
    const isRatio = value !== undefined && base > 0 && column !== ours;
    return number(value, row.unit) + (isRatio ? ` (${number(value / base)}×)` : "");
  };
  const lines = ROWS.map((row) => [
    row.what,
    ...columns.map((column) => cell(row, column)),
    row.target === undefined ? "" : `≤ ${number(row.target, row.unit)}`,
    row.fail === undefined ? "" : `> ${number(row.fail, row.unit)}`,
  ]);
  table([["", ...columns.map((column) => column.title), "target", "fail"], ...lines]);
}

/** Prints lines of cells, the first one being the head. */
export function table(lines) {
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  for (const line of lines) {
    const cells = line.map((text, i) => (i === 0 ? text.padEnd(widths[i]) : text.padStart(widths[i])));
    console.log(cells.join("  "));
  }
}

/** Writes `target/bench/NAME.json`. */
export function write(root, figures, name) {
  const folder = path.join(root, "target", "bench");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.json`);
  const rounded = Object.fromEntries(
    Object.entries(figures).map(([key, value]) => [key, Math.round(value * 10_000) / 10_000]),
  );
  writeFileSync(file, `${JSON.stringify(rounded, null, 2)}\n`);
  return path.relative(root, file);
}
