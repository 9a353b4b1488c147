// Speaks the hotline's prompts: speech synthesis for texts, an audio element for recordings.
// Prompts are queued; any action of the caller interrupts them.

import { halfIn, languageTag } from "./tongue.js";

const LASTS = new Set(["listening", "pause", "recording", "warning", "error"]); // these do not end what is being said

const player = new Audio();
let turn = []; // at most the one being said and the next
let muted = false;

/** Browsers have no voice for "en" without a region. */
export const voiceTag = (language, text) => languageTag(language, text).replace(/^en$/, "en-US");

function next(done) {
  if (turn[0] !== done) return; // cut short meanwhile
  turn.shift();
  if (turn.length) begin(turn[0]);
}

function begin(event) {
  if (event.type === "play" && event.url) {
    player.src = event.url;
    player.onended = () => next(event);
    player.play().catch(() => speak(event)); // refused or not found: its text, if it has one
    return;
  }
  speak(event);
}

function speak(event) {
  if (turn[0] !== event) return;
  if (!event.text || !globalThis.speechSynthesis) {
    next(event);
    return;
  }
  const text = halfIn(document.documentElement.lang, event.text);
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = voiceTag(event.language, text);
  utterance.onend = () => next(event);
  utterance.onerror = () => next(event);
  speechSynthesis.speak(utterance);
}

export function stop() {
  turn = [];
  globalThis.speechSynthesis?.cancel();
  player.pause();
}

export function mute(on) {
  muted = on;
  if (on) stop();
}

/** True when a voice reads the prompts, so that a screen reader need not. */
export const speaks = () => !muted && (globalThis.speechSynthesis?.getVoices().length ?? 0) > 0;

/** Handles one event of the call: speaks it, lets the voice continue, or stops it. */
export function hear(event) {
  if (event.type !== "say" && event.type !== "play") {
    if (!LASTS.has(event.type)) stop();
    return;
  }
  if (muted) return;
  if (turn.length > 1) stop(); // the voice fell a whole prompt behind the line
  turn.push(event);
  if (turn.length === 1) begin(event);
}
