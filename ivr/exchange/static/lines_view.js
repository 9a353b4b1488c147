// Shows the transcript: one element for each line, only the changed ones touched, the line being said lit.

import { clock, dots, telephone } from "./format.js";
import { put, word, wordFor } from "./words.js";

const list = document.getElementById("lines");
const empty = document.getElementById("no-lines");
const NEAR_THE_END = 48;
const SPEAKERS = { say: null, play: null, keys: "caller", heard: "caller" };

/** How the details of a note are put in words. */
const DETAILS = {
  with: partyWord,
  result: (value) => wordFor("result", value),
  status: (value) => wordFor("status", value),
};

/** A telephone by its number, an agent by name; a conference's name means nothing to a caller. */
function partyWord(party) {
  if (party.startsWith("client:")) return word("agent", { name: party.slice("client:".length) });
  return party.startsWith("+") ? telephone(party) : word("conference");
}

function noteWords(line) {
  const details = Object.entries(line.details).map(([name, value]) => [name, DETAILS[name](value)]);
  return word(`note.${line.note}`, Object.fromEntries(details));
}

/** The words of a line in the page's language. */
export function lineWords(line) {
  if (line.kind === "keys") return word(line.count === 1 ? "one_key" : "keys", { dots: dots(line.count), count: line.count });
  if (line.kind === "note") return noteWords(line);
  if (line.kind === "warning" || line.kind === "error") return word(line.kind, line);
  return line.text || word("audio");
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

function fill(item, line, lit) {
  const who = item.querySelector(".who");
  put(who, word(who.dataset.word));
  put(item.querySelector(".words"), lineWords(line));
  item.classList.toggle("lit", lit);
  if (lit) item.setAttribute("aria-current", "true");
  else item.removeAttribute("aria-current");
}

/** `quietly`: a voice reads the prompts, so a screen reader should not read them too. */
export function showLines(state, quietly) {
  const following = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_THE_END;
  list.setAttribute("aria-live", quietly ? "off" : "polite");
  const shown = new Map([...list.children].map((item) => [item.dataset.seq, item]));
  for (const line of state.lines) {
    const key = String(line.seq);
    const item = shown.get(key) ?? list.appendChild(makeLine(line));
    shown.delete(key);
    fill(item, line, line.seq === state.lit);
  }
  for (const gone of shown.values()) gone.remove();
  empty.hidden = state.lines.length > 0;
  if (following) list.scrollTop = list.scrollHeight;
}
