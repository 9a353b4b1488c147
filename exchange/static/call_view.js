// Shows the call: the other party, its state, its duration, and what the hotline waits for.

import { isBusy, isLive, seconds, secondsLeft } from "./call_state.js";
import { duration, telephone } from "./format.js";
import { isLost } from "./notice_view.js";
import { put, word } from "./words.js";

const at = (id) => document.getElementById(id);
const ENDINGS = new Set(["busy", "rejected", "no answer", "lost"]);

/** The state in words. */
export function stateWord(state) {
  if (isBusy(state) && isLost()) return word("phase.lost"); // nobody knows how the call stands
  if (state.phase === "ended") {
    const reason = state.ended.reason;
    const mine = reason !== "rejected" || state.ended.by === "caller";
    return word(`ended.${ENDINGS.has(reason) && mine ? reason : state.ended.by}`);
  }
  if (isLive(state) && state.queued) return word("phase.queued");
  return word(isLive(state) && state.party ? "phase.connected" : `phase.${state.phase}`);
}

/** What the hotline waits for, or that it speaks, in words. */
export function waitingWord({ waiting, lit }) {
  if (!waiting) return lit === null ? "" : word("wait.saying");
  const { digits: count, finish: key, input } = waiting;
  const wanted = count ? `wanted.${count === 1 ? "one" : "many"}` : "wanted.some";
  const what = word(input.length > 1 ? "wait.both" : `wait.${input[0]}`, { keys: word(wanted, { count }) });
  return key && !count && input.includes("dtmf") ? word("wait.finish", { what, key }) : what;
}

/** Renders everything that depends on the state but not on the time. */
export function showCall(state, hotline) {
  put(at("hotline-label"), word(state.incoming ? "incoming_from" : "hotline"));
  put(at("peer"), telephone(state.peer ?? hotline ?? "…"));
  put(at("state"), stateWord(state));
  at("state").dataset.phase = isBusy(state) && isLost() ? "lost" : state.phase;
  document.title = state.phase === "idle" ? word("title") : `${stateWord(state)} · ${word("title")}`;
  showHooks(state);
  const on = isLive(state) && !isLost() && state.waiting !== null;
  at("waiting").classList.toggle("on", on);
  put(at("waiting-word"), isLive(state) && !isLost() ? waitingWord(state) : "");
  for (const key of at("pad").children) key.setAttribute("aria-disabled", String(!isLive(state)));
  for (const id of ["say", "microphone"]) at(id).setAttribute("aria-disabled", String(!isLive(state)));
  at("customer").disabled = at("number").disabled = isBusy(state);
}

function showHooks(state) {
  const rings = state.phase === "incoming";
  put(at("call-word"), word(rings ? "answer" : "call"));
  put(at("hang-up-word"), word(rings ? "reject" : "hang_up"));
  at("call").classList.toggle("rings", rings);
  at("call").setAttribute("aria-disabled", String(isBusy(state) && !rings));
  at("hang-up").setAttribute("aria-disabled", String(!isBusy(state)));
}

/** Renders what changes with time. `stepped`: timers do not run until the phone acts. */
export function showTime(state, now, stepped) {
  put(at("duration"), duration(seconds(state, now) ?? 0));
  const left = isLive(state) && !isLost() && !stepped ? secondsLeft(state, now) : null;
  put(at("waiting-seconds"), left === null ? "" : word("seconds", { seconds: left }));
}
