// The error notice: a lost connection first, else the last refusal, else that a reload ended a call or
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

/** `since`: milliseconds, or null when the exchange responds again, which discards unsent actions. */
export function showLink(since) {
  lostSince = since;
  if (since === null && !problem?.words && !problem?.key) problem = null;
  showNotice();
}

export const isLost = () => lostSince !== null;

/** True when another page of this browser uses the same number. */
export function showShared(on) {
  shared = on;
  showNotice();
}

/** Removes these refusals, which no longer apply. */
export function forgive(...codes) {
  if (codes.includes(problem?.code ?? problem?.key)) complain(null);
}

/** A Refusal is shown with its own text, {key} with the page's, anything else as "not sent"; null removes the notice. */
export function complain(what) {
  problem = what;
  showNotice();
}
