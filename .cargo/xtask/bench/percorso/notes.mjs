// Notes in a family's diary, written through the form itself, from inside the page: a person's way,
// only faster.

/** Goes from any screen to the diary of the family that a link leads to, with a writer in the page. */
export async function openDiary(page, family) {
  // The bar of the first screen, or the way back from the family before.
  for (const link of ['a[href="/famiglie"]', family, 'a[href$="/diario"]']) {
    await page.locator(`${link}:visible`).first().click();
  }
  await page.getByRole("button", { name: "Nuova nota" }).waitFor();
  await page.evaluate(bringWriter);
}

/** Runs in the page: what its own scripts write notes with. */
function bringWriter() {
  const button = (name) =>
    [...document.querySelectorAll("button")].find((one) => one.textContent.trim() === name);
  const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
  const seen = async (look) => {
    for (;;) {
      const found = look();
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve));
    }
  };
  const type = async (words) => {
    (await seen(() => button("Nuova nota"))).click();
    const area = await seen(() => document.querySelector("#entry-text"));
    set.call(area, words);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  window.writer = { seen, type, save: () => button("Salva").click() };
}
