// The one place for what went wrong: a lost connection first, else the last refusal.

import { clock } from "./format.js";
import { language, put, word } from "./words.js";

const alert = document.getElementById("alert");
let lostSince = null;
let problem = null;

export function showNotice() {
  if (lostSince !== null) put(alert, word("lost_since", { time: clock(lostSince) }));
  else put(alert, problem ? (problem.words?.[language()] ?? word(problem.key ?? "not_sent")) : "");
}

/** `since`: milliseconds, or null when the exchange answers again. */
export function showLink(since) {
  lostSince = since;
  showNotice();
}

/** A Refusal is shown in its own words, {key} in the page's, anything else as not sent; null takes the last away. */
export function complain(what) {
  problem = what;
  showNotice();
}
