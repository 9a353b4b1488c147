// The one place for what went wrong: a lost connection first, else the last refusal, else that a reload cut a call or
// that another page uses the same number.

import { clock } from "./format.js";
import { language, put, word } from "./words.js";

const CALM = new Set(["keys_only", "not_listening", "reloaded"]); // nothing is broken, so nothing is alarming
const alert = document.getElementById("alert");
let lostSince = null;
let problem = null;
let shared = false;

function sentence() {
  if (lostSince !== null) return word("lost_since", { time: clock(lostSince) });
  if (problem) return problem.words?.[language()] ?? word(problem.key ?? "not_sent");
  return shared ? word("two_pages") : "";
}

export function showNotice() {
  alert.classList.toggle("calm", lostSince === null && (problem ? CALM.has(problem.code ?? problem.key) : shared));
  put(alert, sentence());
}

/** `since`: milliseconds, or null when the exchange answers again; what did not reach it is then over and done with. */
export function showLink(since) {
  lostSince = since;
  if (since === null && !problem?.words && !problem?.key) problem = null;
  showNotice();
}

export const isLost = () => lostSince !== null;

/** Whether another page of this browser calls from the same number. */
export function showShared(on) {
  shared = on;
  showNotice();
}

/** What these refusals spoke of is no longer so. */
export function forgive(...codes) {
  if (codes.includes(problem?.code ?? problem?.key)) complain(null);
}

/** A Refusal is shown in its own words, {key} in the page's, anything else as not sent; null takes the last away. */
export function complain(what) {
  problem = what;
  showNotice();
}
