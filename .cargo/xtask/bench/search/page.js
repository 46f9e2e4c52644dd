// Both contestants in the page: names go in, numbers of names come out, best first.
import anyAscii from "any-ascii";
import { doubleMetaphone } from "double-metaphone";
import { trigram } from "n-gram";
import { Engine, initSync } from "search-bench";

const LIMIT = 5;
let find;

/** What people usually reach for: codes of words, trigrams of the text, and the sum of both. */
function peer(people) {
  const plain = (text) => anyAscii(text).toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
  const codes = (text) => plain(text).split(" ").map((word) => doubleMetaphone(word));
  const grams = (text) => [...new Set(trigram(`  ${plain(text)} `))];
  const byCode = new Map();
  const byGram = new Map();
  const add = (map, key, i) => {
    const known = map.get(key);
    if (!known) map.set(key, [i]);
    else if (known[known.length - 1] !== i) known.push(i);
  };
  const sizes = people.map((name, i) => {
    const own = grams(name);
    for (const gram of own) add(byGram, gram, i);
    for (const code of codes(name).flat()) add(byCode, code, i);
    return own.length;
  });
  return (query) => {
    const shared = new Float64Array(people.length);
    const score = new Float64Array(people.length);
    const own = grams(query);
    for (const gram of own) for (const i of byGram.get(gram) ?? []) shared[i] += 1;
    const words = codes(query);
    for (const word of words) {
      const met = new Set(word.flatMap((code) => byCode.get(code) ?? []));
      for (const i of met) score[i] += 1 / words.length;
    }
    for (let i = 0; i < shared.length; i += 1) score[i] += (2 * shared[i]) / (own.length + sizes[i]);
    const best = [];
    for (let i = 0; i < score.length; i += 1) {
      if (score[i] === 0 || (best.length === LIMIT && score[i] <= score[best[LIMIT - 1]])) continue;
      let at = best.length;
      while (at > 0 && score[best[at - 1]] < score[i]) at -= 1;
      best.splice(at, 0, i);
      best.length = Math.min(best.length, LIMIT);
    }
    return best;
  };
}

function percorso(people, wasm) {
  initSync({ module: Uint8Array.from(atob(wasm), (letter) => letter.charCodeAt(0)) });
  const engine = new Engine(people.join("\n"));
  return (query) => engine.find(query, LIMIT);
}

window.bench = {
  prepare(name, people, wasm) {
    find = name === "peer" ? peer(people) : percorso(people, wasm);
  },
  /** For each list of cases, how many are answered among the first five. */
  recall(lists) {
    return lists.map((cases) => {
      const isFound = ({ query, answers }) => find(query).some((i) => answers.includes(i));
      return cases.filter(isFound).length / Math.max(1, cases.length);
    });
  },
  /** Milliseconds per keystroke, sorted. */
  type(queries) {
    for (const query of queries.slice(0, 50)) find(query);
    // All are typed three times, the quickest counts: the machine has other work to do, the engine
    // has not. Not each three times at once, since it knows the words of the query before.
    const round = () =>
      queries.map((query) => {
        const from = performance.now();
        find(query);
        return performance.now() - from;
      });
    const rounds = [round(), round(), round()];
    const took = queries.map((_, i) => Math.min(...rounds.map((round) => round[i])));
    return took.sort((a, b) => a - b);
  },
};
