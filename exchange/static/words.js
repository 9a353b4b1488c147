// The language of the page: the browser's until one is chosen here, the choice remembered; elements name their words by data-word, data-label, data-hint.

import { EN } from "./words_en.js";
import { ZH } from "./words_zh.js";

const KEY = "phone.language";
const TAGS = { zh: "zh-CN", en: "en" };
const known = (tag) => /^(zh|en)\b/i.exec(tag)?.[1].toLowerCase();
/** The browser's first language that the page supports; otherwise English. */
const preferred = () => navigator.languages.map(known).find(Boolean) ?? "en";
const remembered = localStorage.getItem(KEY);
let chosen = remembered in TAGS ? remembered : preferred();

export const language = () => chosen;

export function switchLanguage() {
  chosen = chosen === "zh" ? "en" : "zh";
  localStorage.setItem(KEY, chosen);
}

/** The phrase `key` with its {places} filled in. */
export function word(key, places = {}) {
  const phrase = (chosen === "zh" ? ZH : EN)[key];
  return phrase.replace(/\{(\w+)\}/g, (_, place) => places[place]);
}

/** The phrase for a value the exchange names, or the value itself when it is not known here. */
export function wordFor(family, value) {
  const key = `${family}.${value}`;
  return key in ZH ? word(key) : String(value);
}

/** Applies the words of the language to all elements, and sets the document's language. */
export function dress(root) {
  document.documentElement.lang = TAGS[chosen];
  for (const element of root.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of root.querySelectorAll("[data-label]")) element.setAttribute("aria-label", word(element.dataset.label));
  for (const element of root.querySelectorAll("[data-hint]")) element.placeholder = word(element.dataset.hint);
}

/** Sets `text` only when it differs, so that nothing is redrawn or announced again. */
export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
