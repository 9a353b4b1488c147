// Shows the transcript: one element for each line; updates only changed lines and highlights the current one.

import { clock, dots, telephone } from "./format.js";
import { blankBetween, halfIn, languageTag } from "./tongue.js";
import { put, word, wordFor } from "./words.js";

const log = document.getElementById("lines");
const list = document.getElementById("line-list");
const empty = document.getElementById("no-lines");
const NEAR_THE_END = 48;
const SPEAKERS = { say: null, play: null, keys: "caller", heard: "caller" };

let following = true; // until the caller scrolls back

const toEnd = () => { log.scrollTop = log.scrollHeight; };
log.addEventListener("scroll", () => { following = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_THE_END; });
new ResizeObserver(() => { if (following) toEnd(); }).observe(log); // a notice takes room from the talk

/** The wording of the details of a note. */
const DETAILS = {
  with: partyWord,
  result: (value) => wordFor("result", value),
  status: (value) => wordFor("status", value),
};

/** A phone by its number, an agent by name; the name of a conference is not shown to callers. */
function partyWord(party) {
  if (party.startsWith("client:")) return word("agent", { name: party.slice("client:".length) });
  return party.startsWith("+") ? telephone(party) : word("conference");
}

function noteWords(line) {
  const details = Object.entries(line.details).map(([name, value]) => [name, DETAILS[name](value)]);
  return word(`note.${line.note}`, Object.fromEntries(details));
}

/** The text of a line that the page itself creates, in its language. */
export function lineWords(line) {
  if (line.kind === "keys") return word(line.count === 1 ? "one_key" : "keys", { dots: dots(line.count), count: line.count });
  if (line.kind === "note") return noteWords(line);
  return word(line.kind, line); // a warning or an error
}

/** The pieces of a line: {seq, text, lang}; text in the page's language has no lang. */
export function linePieces(line) {
  if (line.kind === "heard") return [{ seq: line.seq, text: line.text, lang: languageTag("", line.text) }];
  if (!line.parts) return [{ seq: line.seq, text: lineWords(line), lang: null }];
  return line.parts.map(({ seq, text, language }) => {
    const shown = halfIn(document.documentElement.lang, text);
    return shown ? { seq, text: shown, lang: languageTag(language, shown) } : { seq, text: word("audio"), lang: null };
  });
}

function makeLine(line) {
  const speaker = line.who ?? SPEAKERS[line.kind] ?? "note";
  const item = document.createElement("li");
  item.className = `line ${speaker} ${line.kind}`;
  item.dataset.seq = line.seq;
  const time = document.createElement("time");
  time.dateTime = new Date(line.at).toISOString();
  time.textContent = clock(line.at);
  const who = document.createElement("span");
  who.className = "who";
  who.dataset.word = `who.${speaker}`;
  const words = document.createElement("span");
  words.className = "words";
  item.append(time, who, words);
  return item;
}

function addPart(words, before, text) {
  const part = document.createElement("span");
  words.append(blankBetween(before, text), part);
  return part;
}

function fillWords(words, line, lit) {
  let before = "";
  linePieces(line).forEach(({ seq, text, lang }, place) => {
    const part = words.children[place] ?? addPart(words, before, text);
    before = text;
    put(part, text);
    if (lang) part.lang = lang;
    part.classList.toggle("now", seq === lit);
  });
}

function fill(item, line, lit) {
  const who = item.querySelector(".who");
  put(who, word(who.dataset.word));
  fillWords(item.querySelector(".words"), line, lit);
  const now = line.parts?.some((part) => part.seq === lit) ?? false;
  item.classList.toggle("lit", now);
  if (now) item.setAttribute("aria-current", "true");
  else item.removeAttribute("aria-current");
}

/** `quietly`: a voice reads the prompts, so a screen reader should not read them too. */
export function showLines(state, quietly) {
  log.setAttribute("aria-live", quietly ? "off" : "polite");
  const shown = new Map([...list.children].map((item) => [item.dataset.seq, item]));
  for (const line of state.lines) {
    const key = String(line.seq);
    const item = shown.get(key) ?? list.appendChild(makeLine(line));
    shown.delete(key);
    fill(item, line, state.lit);
  }
  for (const gone of shown.values()) gone.remove();
  empty.hidden = state.lines.length > 0;
  if (following) toEnd();
}
