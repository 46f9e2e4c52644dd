// Letters struck in the search of Famiglie, each until the list that it leaves is drawn.
//
// What is measured: from the browser's own stamp on the key, so that a letter that waits behind the
// one before waits here, too, until the first task after the next frame; by then the page's own
// thread has styled, laid out and painted it. Twice `requestAnimationFrame` would add the wait for
// a frame in which nothing changes. What the browser tells of itself (Event Timing) goes on until
// the frame is shown, but in steps of 8 ms, and says nothing below 16, which is the target: it
// stands beside.
import { protocol, within } from "../measure.mjs";
import { until } from "./phone.mjs";

/** Somebody quick with the thumbs strikes four letters a second. */
const LETTER_MS = 250;
/** The browser does not tell of what was shown sooner. */
const SHOWN_MS_MIN = 16;

/** Opens Famiglie, which holds so many families at least, with the search ready to type in. */
export async function openSearch(page, families) {
  await page.locator('a[href="/famiglie"]:visible').first().click();
  await page.locator('main a[href^="/famiglia/"]').first().waitFor();
  const held = await page.evaluate(() => {
    const said = document.querySelector("#found").textContent;
    return Number(said.replace(/\D/g, ""));
  });
  if (held < families) throw new Error(`the phone holds ${held} families instead of ${families}`);
  await page.locator("#search").click();
  await page.evaluate(bringClock);
}

/**
 * Types names, one after the other. For each letter, in milliseconds: until it was `drawn`, how
 * much of that was `work` and not the wait for the frame, and until it was `shown`.
 */
export async function typeNames(page, names) {
  const keys = await protocol(page);
  let struck = 0;
  for (const { given, family } of names) {
    const name = `${given} ${family}`;
    await within(60, `typing ${name}`, strike(keys, [...name]));
    struck += [...name].length;
    await until(page, 10, "the last letter's frame", (many) => window.clock.took.length >= many, struck);
    const seen = await page.evaluate(answered);
    if (seen.query !== name) throw new Error(`«${seen.query}» was typed instead of «${name}»`);
    if (!seen.families.some((shown) => shown.includes(family))) {
      throw new Error(`«${name}» did not find the family`);
    }
  }
  const { took, shown } = await page.evaluate(() => window.clock);
  const sooner = Math.max(0, took.length - shown.length);
  return {
    drawn: took.map((one) => one.drawn),
    work: took.map((one) => one.work),
    shown: [...shown, ...Array(sooner).fill(SHOWN_MS_MIN)],
  };
}

/** Strikes keys in an even rhythm, which waits for nobody: what is slow to draw finds the next one
    there already. */
async function strike(keys, letters) {
  const from = Date.now();
  const due = (i) => {
    const early = from + i * LETTER_MS - Date.now();
    return new Promise((resolve) => setTimeout(resolve, Math.max(0, early)));
  };
  const taken = [];
  for (const [i, letter] of letters.entries()) {
    await due(i);
    const key = { key: letter, text: letter, unmodifiedText: letter };
    taken.push(keys.send("Input.dispatchKeyEvent", { type: "keyDown", ...key }));
    taken.push(keys.send("Input.dispatchKeyEvent", { type: "keyUp", key: letter }));
  }
  // Nobody asks the page anything before the last letter is drawn and the browser has told of it.
  await due(letters.length);
  await Promise.all(taken);
}

/** Runs in the page: what stands in the search and which families it found; then empties it. */
async function answered() {
  const query = document.querySelector("#search").value;
  const families = [...document.querySelectorAll(".fams h3")].map((name) => name.textContent);
  document.querySelector("form.search button").click();
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return { query, families };
}

/** Runs in the page: notes of each letter how long it took. */
function bringClock() {
  const took = [];
  const shown = [];
  let struck = 0;
  addEventListener("keydown", ({ timeStamp }) => (struck = timeStamp), { capture: true });
  const onInput = ({ isTrusted, inputType }) => {
    if (!isTrusted || inputType !== "insertText") return;
    const from = struck;
    let handled;
    // Comes once the app has handled the letter, unless the frame is due before.
    setTimeout(() => (handled = performance.now()));
    requestAnimationFrame(() => {
      const waited = handled === undefined ? 0 : performance.now() - handled;
      setTimeout(() => {
        const drawn = performance.now() - from;
        took.push({ drawn, work: drawn - waited });
        performance.measure("bench:letter", { start: from, duration: drawn });
      });
    });
  };
  addEventListener("input", onInput, { capture: true });
  const told = new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) if (name === "keydown") shown.push(duration);
  });
  told.observe({ type: "event", durationThreshold: 16 });
  window.clock = { took, shown };
}
