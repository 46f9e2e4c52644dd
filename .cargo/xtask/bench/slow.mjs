// A page whose processor is slowed down: all that its own thread does, wasm and drawing included.
import { protocol } from "./measure.mjs";

export const SLOWER = 4;

async function setRate(page, rate) {
  const session = await protocol(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
}

/** From now on, also in what the page opens next. */
export const slowDown = (page) => setRate(page, SLOWER);

/** Back to the machine's own speed. Fails if the page was not slow until now: then nothing that was
    measured in it is what it is called. */
export async function speedUp(page) {
  const slow = await page.evaluate(count);
  await setRate(page, 1);
  const quick = await page.evaluate(count);
  const times = slow / quick;
  if (times < SLOWER / 2) throw new Error(`the page was only ${times.toFixed(1)} times slower`);
}

/** Runs in the page: how long it counts, in the quickest of five tries. */
function count() {
  const once = () => {
    const from = performance.now();
    let sum = 0;
    for (let i = 0; i < 3_000_000; i += 1) sum += i % 7;
    window.counted = sum;
    return performance.now() - from;
  };
  return Math.min(...Array.from({ length: 5 }, once));
}
