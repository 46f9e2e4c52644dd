// The two languages of the screens. A helper finds a thing by either name, so that one way leads
// through both; what a test says that a person reads, it says itself.

/** Matches a name in Italian or in English, the whole of it. */
export function both(italian: string, english: string): RegExp {
  return new RegExp(`^(${escaped(italian)}|${escaped(english)})$`);
}

function escaped(words: string): string {
  return words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
