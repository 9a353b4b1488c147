// In which language words are written, for voices and screen readers.

const HAN = /\p{Script=Han}/u;
const FULL_WIDTH = "\\u3000-\\u303f\\uff00-\\uffef";
const CLOSES = new RegExp(`^[\\s,.;:!?)${FULL_WIDTH}]`);
const OPENS = new RegExp(`[\\s(${FULL_WIDTH}]$`);

/** By its characters: any Han character makes it Chinese. */
export const writtenIn = (text) => (HAN.test(text) ? "zh-CN" : "en");

/** The browser's tag for the exchange's: cmn-CN → zh-CN; without one, what the text is written in. */
export function languageTag(language, text) {
  if (!language) return writtenIn(text);
  if (language.startsWith("yue")) return "zh-HK";
  return language.replace(/^cmn(-Hans|-Hant)?/, "zh");
}

/** Of a caption in both languages, "等候音乐 / hold music", the half in the language `tag`; any other text whole. */
export function halfIn(tag, text) {
  const halves = text.split(" / ");
  const bilingual = halves.length === 2 && writtenIn(halves[0]) !== writtenIn(halves[1]);
  return bilingual ? halves.find((half) => writtenIn(half) === tag) : text;
}

/** What stands between two parts of one sentence: a blank, but none beside a mark or between Chinese characters. */
export function blankBetween(before, after) {
  if (!before || !after || OPENS.test(before) || CLOSES.test(after)) return "";
  return HAN.test(before.at(-1)) && HAN.test(after[0]) ? "" : " ";
}
