// The records that every contestant carries: made from a seed, so that each run, each machine
// and each peer sees the same bytes. A record is shaped like one change of a family's plan and
// weighs 400 to 430 bytes as JSON.

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

/** A version 4 UUID from the seeded generator. */
export function uuid(next) {
  const hex = Array.from({ length: 32 }, () => Math.floor(next() * 16).toString(16));
  hex[12] = "4";
  hex[16] = "89ab"[Math.floor(next() * 4)];
  const text = hex.join("");
  return [0, 8, 12, 16, 20].map((from, i) => text.slice(from, [8, 12, 16, 20, 32][i])).join("-");
}

const KINDS = ["progress_rated", "note_added", "step_chosen", "action_done"];
const RESPONSES = ["on_own_initiative", "takes_part", "listens", "ambivalent"];
const MOVES = ["informs", "encourages", "reinforces", "accompanies", "mediates"];
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
export function words(next, length) {
  let text = "";
  while (Buffer.byteLength(text) < length) {
    text += `${PHRASES[Math.floor(next() * PHRASES.length)]} `;
  }
  while (Buffer.byteLength(text) > length) text = text.slice(0, -1);
  return text.padEnd(text.length + length - Buffer.byteLength(text), ".");
}

/** `count` records of 400 to 430 bytes, over `families` families. */
export function records(count, families = 80, seed = 2026) {
  const next = random(seed);
  const scopes = Array.from({ length: families }, () => uuid(next));
  const people = Array.from({ length: 4 }, () => uuid(next));
  return Array.from({ length: count }, (_, i) => {
    const record = {
      id: uuid(next),
      scope: scopes[i % families],
      author: people[i % people.length],
      at: 1767225600000 + i * 60000,
      kind: KINDS[i % KINDS.length],
      goal: uuid(next),
      score: (i % 5) - 2,
      response: RESPONSES[i % RESPONSES.length],
      move: MOVES[i % MOVES.length],
      words: "",
    };
    const target = 400 + Math.floor(next() * 31);
    record.words = words(next, target - Buffer.byteLength(JSON.stringify(record)));
    return record;
  });
}
