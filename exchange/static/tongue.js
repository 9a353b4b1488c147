// Detects the language of a text, for voices and screen readers.

const HAN = /\p{Script=Han}/u;
const FULL_WIDTH = "\\u3000-\\u303f\\uff00-\\uffef";
const CLOSES = new RegExp(`^[\\s,.;:!?)${FULL_WIDTH}]`);
const OPENS = new RegExp(`[\\s(${FULL_WIDTH}]$`);

/** By its characters: a text with a Han character is Chinese. */
export const writtenIn = (text) => (HAN.test(text) ? "zh-CN" : "en");

/** The browser's language tag for the exchange's: cmn-CN → zh-CN; without one, the language of the text. */
export function languageTag(language, text) {
  if (!language) return writtenIn(text);
  if (language.startsWith("yue")) return "zh-HK";
  return language.replace(/^cmn(-Hans|-Hant)?/, "zh");
}

/** Of a caption in both languages, "等候音乐 / hold music", the part in the language `tag`; any other text unchanged. */
export function halfIn(tag, text) {
  const halves = text.split(" / ");
  const bilingual = halves.length === 2 && writtenIn(halves[0]) !== writtenIn(halves[1]);
  return bilingual ? halves.find((half) => writtenIn(half) === tag) : text;
}

/** The separator of two parts of a sentence: a space, but none next to punctuation or between Chinese characters. */
export function blankBetween(before, after) {
  if (!before || !after || OPENS.test(before) || CLOSES.test(after)) return "";
  return HAN.test(before.at(-1)) && HAN.test(after[0]) ? "" : " ";
}
