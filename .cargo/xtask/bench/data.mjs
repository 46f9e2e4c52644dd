// The records that every contestant carries: made from a seed, so that each run, each machine
// and each peer sees the same bytes. A record is one operation as Percorso sends it (domain
// `Op`), 400 to 430 bytes as JSON; to the peers it is a document.

/** A small seeded generator (mulberry32): the bench must not depend on luck. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const START = Date.UTC(2026, 0, 1);

/** A version 7 UUID from the seeded generator: ids of operations sort by the time they name. */
export function uuid(next, at = START) {
  const hex = [...at.toString(16).padStart(12, "0")];
  while (hex.length < 32) hex.push(Math.floor(next() * 16).toString(16));
  hex[12] = "7";
  hex[16] = "89ab"[Math.floor(next() * 4)];
  const text = hex.join("");
  return [0, 8, 12, 16, 20].map((from, i) => text.slice(from, [8, 12, 16, 20, 32][i])).join("-");
}

const PHRASES = [
  "La signora ha chiamato da sola lo sportello.",
  "Il figlio grande legge le lettere della scuola.",
  "Manca ancora il certificato del medico.",
  "Abbiamo compilato insieme la domanda.",
  "Il corso di italiano comincia a marzo.",
  "Il padre lavora di notte e dorme la mattina.",
  "La vicina tiene i bambini il giovedì.",
  "Ha preso l'autobus da sola per la prima volta.",
  "Torneremo a parlarne alla prossima visita.",
  "Preferisce che la chiamiamo dopo le quattro.",
];

/** Italian sentences, cut to exactly `length` UTF-8 bytes. */
function words(next, length) {
  let text = "";
  while (Buffer.byteLength(text) < length) {
    text += `${PHRASES[Math.floor(next() * PHRASES.length)]} `;
  }
  while (Buffer.byteLength(text) > length) text = text.slice(0, -1);
  return text + ".".repeat(length - Buffer.byteLength(text));
}

// The three kinds that a visit leaves behind most. Each is given the words that fill it up.
const CHANGES = [
  () => (text) => ({ note_added: { words: text } }),
  ({ goals }, i) => (text) => ({
    goal_written: { goal: goals[i % goals.length], field: { expected: text } },
  }),
  ({ goals }, i) => (text) => ({
    progress_rated: {
      goal: goals[i % goals.length],
      rating: { family: (i % 5) - 2, response: "takes_part", next_step: { what: text } },
    },
  }),
];

/**
 * `count` operations over `families` (`[{ scope, goals }]`), by one author on one device, which
 * has already counted to `counted`.
 */
export function operations({ count, families, author, device, counted = 0, seed = 2026 }) {
  const next = random(seed);
  const onScreen = new Map();
  return Array.from({ length: count }, (_, i) => {
    const family = families[i % families.length];
    const at = START + i * 60_000;
    const make = CHANGES[i % CHANGES.length](family, i);
    const id = uuid(next, at);
    const goal = make("").goal_written?.goal;
    // A field is written over what its author saw; else everything would be a disagreement.
    const replaces = onScreen.has(goal) ? { replaces: [onScreen.get(goal)] } : {};
    if (goal) onScreen.set(goal, id);
    const operation = (text) => ({
      id,
      device,
      device_seq: counted + i + 1,
      scope: family.scope,
      author,
      at,
      schema: 1,
      ...replaces,
      change: make(text),
    });
    const target = 400 + Math.floor(next() * 31);
    const room = target - Buffer.byteLength(JSON.stringify(operation("")));
    return operation(words(next, Math.max(12, room)));
  });
}

/** The same kind of operations for the peers, over families of nobody. */
export function documents(count) {
  const next = random(1);
  const families = Array.from({ length: 80 }, () => ({
    scope: uuid(next),
    goals: Array.from({ length: 4 }, () => uuid(next)),
  }));
  return operations({ count, families, author: uuid(next), device: uuid(next) });
}
