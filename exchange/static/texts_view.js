// The text messages of this phone, newest first; a one-time code is highlighted.

import { clock, oneTimeCode, telephone } from "./format.js";
import { writtenIn } from "./tongue.js";
import { put, word } from "./words.js";

const KEPT = 50;
const list = document.getElementById("text-list");
const newest = document.getElementById("newest");
const empty = document.getElementById("no-texts");
const known = new Set();
let latest = null;

function codeLine(code) {
  const strong = document.createElement("strong");
  strong.className = "code";
  strong.textContent = code;
  return strong;
}

function makeText(text) {
  const item = document.createElement("li");
  item.className = "text";
  const head = document.createElement("header");
  const sender = document.createElement("span");
  sender.textContent = telephone(text.from);
  const time = document.createElement("time");
  time.dateTime = text.at;
  time.textContent = clock(Date.parse(text.at));
  head.append(sender, time);
  const body = document.createElement("p");
  body.textContent = text.body;
  body.lang = writtenIn(text.body);
  const code = oneTimeCode(text.body);
  item.append(head, ...(code ? [codeLine(code)] : []), body);
  return item;
}

/** Adds a text message once, however often the exchange reports it. */
export function addText(text) {
  if (known.has(text.sid)) return;
  known.add(text.sid);
  list.prepend(makeText(text));
  while (list.children.length > KEPT) list.lastElementChild.remove();
  latest = text;
  showTexts(false);
}

/** A call starts: earlier text messages are no longer marked as new. */
export function beginCall() {
  latest = null;
  newest.hidden = true;
}

export function clearTexts() {
  known.clear();
  latest = null;
  list.replaceChildren();
}

/** `withheld`: the phone hides its number, so that nothing can arrive. */
export function showTexts(withheld) {
  empty.hidden = list.children.length > 0;
  put(empty, word(withheld ? "texts_withheld" : "no_texts"));
  newest.hidden = latest === null;
  if (!latest) return;
  const code = oneTimeCode(latest.body);
  newest.lang = code ? document.documentElement.lang : writtenIn(latest.body);
  put(newest, word("newest", { code: code ?? latest.body }));
}
