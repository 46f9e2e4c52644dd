// Many people in families of five, as a list that an office brings in: with the names of the
// demonstration, in their own script where they have one, drawn from a seed.
import { readFileSync } from "node:fs";
import path from "node:path";
import { random } from "../data.mjs";
import { LOGIN } from "./world.mjs";

const HEAD = [
  "codice",
  "famiglia",
  "famiglia originale",
  "comune",
  "lingua",
  "mediatore",
  "assistente sociale",
  "nome",
  "nome originale",
  "ruolo",
];
const ROLES = ["intestatario", "coniuge", "figlio", "figlio", "figlio"];

/** Names in each script that are typed, letter by letter. */
const TYPED = 12;

/** The rows of a table of the demonstration, without its head. */
function rows(root, name) {
  const text = readFileSync(path.join(root, "server/data/demo", name), "utf8");
  const lines = text.split("\n").slice(1).filter((line) => line !== "");
  return lines.map((line) => line.split("\t").map((cell) => cell.trim()));
}

/** By country: the language, family names, and given names, each once. */
function countries(root) {
  const names = rows(root, "names.tsv").map(([country, kind, latin, original]) => ({
    country,
    isFamily: kind === "family",
    latin,
    original: original ?? "",
  }));
  return rows(root, "countries.tsv").map(([code, , language]) => {
    const own = names.filter(({ country }) => country === code);
    const given = new Map(own.filter((name) => !name.isFamily).map((name) => [name.latin, name]));
    return { language, families: own.filter((name) => name.isFamily), given: [...given.values()] };
  });
}

/** `many` different ones, in the order in which they are drawn. */
function draw(next, from, many) {
  const left = [...from];
  return Array.from({ length: many }, () => left.splice(Math.floor(next() * left.length), 1)[0]);
}

/**
 * At least `count` people of one mediator: `families` of them, the `list` that brings them in, and
 * the names that are `typed` to find some of them, half in Latin letters, half in their own. Chinese
 * is typed by its sounds, in a keyboard that hands over whole words.
 */
export function crowd(root, count) {
  const next = random(5);
  const all = countries(root);
  const places = rows(root, "places.tsv").map(([, name]) => name);
  const people = [];
  const lines = [HEAD];
  const families = Math.ceil(count / ROLES.length);
  for (let number = 1; number <= families; number += 1) {
    const [{ language, families: names, given }] = draw(next, all, 1);
    const [[family], [place]] = [draw(next, names, 1), draw(next, places, 1)];
    for (const [i, name] of draw(next, given, ROLES.length).entries()) {
      people.push({ family, name });
      const who = [LOGIN, "elena", name.latin, name.original, ROLES[i]];
      lines.push([`B-${number}`, family.latin, family.original, place, language, ...who]);
    }
  }
  const spread = (names) => {
    const step = Math.floor(names.length / TYPED);
    return Array.from({ length: TYPED }, (_, i) => names[i * step]);
  };
  const isTyped = ({ original }) => original !== "" && !/\p{Script=Han}/u.test(original);
  const own = people.filter(({ family, name }) => isTyped(family) && isTyped(name));
  const typed = [
    ...spread(people.map(({ family, name }) => ({ given: name.latin, family: family.latin }))),
    ...spread(own.map(({ family, name }) => ({ given: name.original, family: family.original }))),
  ];
  const list = lines.map((cells) => `${cells.join(";")}\n`).join("");
  return { families, list, typed };
}
