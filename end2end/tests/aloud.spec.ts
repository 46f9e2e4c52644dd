// Insieme read aloud: by a voice that the browser calls local, never by one that sends a family's
// words to its maker. Browsers without a window have no voices: these only note what they are told.
import { type Page, expect } from "@playwright/test";
import { goOn, handOver, openTogether, question, takeBack } from "../helpers/insieme.ts";
import { SAMIRA, enterFirstTime, opened, unlock } from "../helpers/people.ts";
import { familyPath } from "../helpers/screens.ts";
import { test } from "../helpers/test.ts";

interface Voices {
  said: { lang: string; text: string }[];
  isSpeaking: boolean;
}

test("a question is read aloud by a voice of the phone, and falls silent with its page", async ({
  device,
}) => {
  const phone = device();
  const page = await enterFirstTime(phone, SAMIRA);
  const family = await familyPath(page);
  await giveVoices(page);
  await page.reload();
  await unlock(page);
  await openTogether(page, family);
  await handOver(page, "ar");
  const listen = page.getByRole("button", { name: "استمع" });

  await listen.click();
  const { said, isSpeaking } = await voices(page);
  expect(isSpeaking).toBe(true);
  expect(said.slice(0, 2).map(({ text }) => text)).toEqual(["ما المهمّ لكم الآن؟", "يمكنكم اختيار 5 على الأكثر."]);
  expect(said.map(({ text }) => text)).toContain("العمل");
  expect(new Set(said.map(({ lang }) => lang))).toEqual(new Set(["ar-EG"]));

  await expect(listen).toHaveAttribute("aria-pressed", "true");

  await listen.click();
  expect((await voices(page)).isSpeaking, "a second tap").toBe(false);
  await expect(listen).toHaveAttribute("aria-pressed", "false");
  await listen.click();
  expect((await voices(page)).isSpeaking).toBe(true);
  await goOn(page);
  await expect(question(page)).not.toHaveText("ما المهمّ لكم الآن؟");
  expect((await voices(page)).isSpeaking, "another page").toBe(false);

  await takeBack(page);
  await opened(page);
  await handOver(page, "fr");
  await expect(question(page)).toHaveText("Qu’est-ce qui compte maintenant ?");
  await expect(page.getByRole("button", { name: "Écouter" }), "of a voice elsewhere").toHaveCount(0);
  expect(phone.errors).toEqual([]);
});

/** From the next page on: an Arabic voice on the phone, and voices that live elsewhere. */
async function giveVoices(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const said: { lang: string; text: string }[] = [];
    const synthesis = {
      speaking: false,
      pending: false,
      onvoiceschanged: null,
      said,
      getVoices: () => [
        { lang: "ar-XA", localService: false },
        { lang: "fr-FR", localService: false },
        { lang: "ar-EG", localService: true },
      ],
      speak({ lang, text }: { lang: string; text: string }): void {
        said.push({ lang, text });
        this.speaking = true;
      },
      cancel(): void {
        this.speaking = false;
      },
    };
    class Utterance {
      lang = "";
      voice = null;
      constructor(readonly text: string) {}
    }
    Object.defineProperty(window, "speechSynthesis", { value: synthesis });
    Object.defineProperty(window, "SpeechSynthesisUtterance", { value: Utterance });
  });
}

async function voices(page: Page): Promise<Voices> {
  return page.evaluate(() => {
    const { said, speaking } = speechSynthesis as unknown as { said: Voices["said"]; speaking: boolean };
    return { said, isSpeaking: speaking };
  });
}
