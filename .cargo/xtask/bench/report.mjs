// The table for people and the file for tools.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

function number(value, unit) {
  if (value === undefined) return "–";
  const text = value >= 100 ? Math.round(value).toLocaleString("en") : String(Math.round(value * 10) / 10);
  return unit ? `${text} ${unit}` : text;
}

/**
 * Prints every contestant beside the others; a peer's figure is followed by its ratio to ours.
 * A row says what is measured, its unit, what is wanted (`target`, or `least` where more is better)
 * and above what it is a failure.
 */
export function print(rows, columns) {
  const ours = columns.find((column) => column.key === "percorso");
  const cell = (row, column) => {
    const value = column.figures[row.key];
    const base = ours?.figures[row.key];
    const isRatio = value !== undefined && base > 0 && column !== ours;
    return number(value, row.unit) + (isRatio ? ` (${number(value / base)}×)` : "");
  };
  const lines = rows.map((row) => [
    row.what,
    ...columns.map((column) => cell(row, column)),
    wanted(row),
    row.fail === undefined ? "" : `> ${number(row.fail, row.unit)}`,
  ]);
  table([["", ...columns.map((column) => column.title), "target", "fail"], ...lines]);
}

function wanted({ target, least, unit }) {
  if (least !== undefined) return `≥ ${number(least, unit)}`;
  return target === undefined ? "" : `≤ ${number(target, unit)}`;
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
