// Chance that can be had again: the same seed draws the same numbers.

export class Chance {
  readonly seed: number;
  #state: number;

  constructor(seed: number) {
    this.seed = seed;
    this.#state = seed;
  }

  /** A whole number from 0 up to `end`, which is not among them. */
  below(end: number): number {
    // Mulberry32, by Tommy Ettinger.
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * end);
  }

  /** Whether it is this time, of so many. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }
}
