// The telephone in the browser: connects the modules and renders changes.

import * as api from "./api.js";
import { isBusy, isLive, IDLE, reduce } from "./call_state.js";
import { dressNumbers, isWithheld, offerNumbers, ownNumber } from "./caller_view.js";
import { showCall, showTime } from "./call_view.js";
import { makeLink } from "./follow.js";
import { makeHandset } from "./handset.js";
import { canHear } from "./hearing.js";
import { dressHelp, helpDialog, showHelp, singleKeys } from "./help.js";
import { useKeyboard } from "./keyboard.js";
import { showLines } from "./lines_view.js";
import { complain, forgive, showLink, showNotice } from "./notice_view.js";
import { makeOwnNumber } from "./own_number.js";
import { flash, usePad } from "./pad.js";
import { forgetCut, noteCut, wasCut } from "./reload.js";
import { useSpeech } from "./speech_form.js";
import { addText, beginCall, showTexts } from "./texts_view.js";
import { ring } from "./tones.js";
import * as voice from "./voice.js";
import { dress, put, switchLanguage, word } from "./words.js";

const at = (id) => document.getElementById(id);
const TICK_MS = 250;
const SOUND = "phone.sound";
let state = IDLE;
let hotline = { hotline: null, pace: "real", demo_numbers: [] };
let sound = localStorage.getItem(SOUND) !== "off";

const store = {
  get: () => state,
  tell(action) {
    const wasBusy = isBusy(state);
    state = reduce(state, action);
    if (!wasBusy && isBusy(state)) { forgetCut(); beginCall(); }
    if (action.type === "listening") forgive("keys_only", "not_listening", "not_settled", "microphone_failed");
    if (wasBusy && !isBusy(state)) complain(null); // what failed in a call is over with it
    voice.hear(action);
    show();
  },
};
const link = makeLink((since) => { showLink(since); show(); });
const handset = makeHandset(store, link, complain);
const useNumber = makeOwnNumber(link, arrived);
const speech = useSpeech({
  say: (text, confidence) => handset.speak(text, confidence),
  live: () => isLive(state),
  awaitsKeys: () => isLive(state) && (state.waiting?.input.includes("dtmf") ?? state.party === null),
  press, complain,
  leave: () => at("pad").focus({ preventScroll: true }),
});

function show() {
  showCall(state, hotline.hotline);
  showLines(state, voice.speaks());
  showTime(state, Date.now(), hotline.pace === "stepped");
  ring(sound && (state.phase === "incoming" || state.phase === "ringing"));
}

function redress() {
  dress(document);
  dressNumbers();
  dressHelp();
  put(at("language-word"), document.documentElement.lang === "en" ? "中文" : "English");
  at("language-word").lang = document.documentElement.lang === "en" ? "zh-CN" : "en";
  showSound();
  showNotice();
  showTexts(isWithheld());
  show();
}

function showSound() {
  put(at("sound-word"), word(sound ? "sound_on" : "sound_off"));
  at("sound").setAttribute("aria-pressed", String(sound));
}

function toggleSound() {
  sound = !sound;
  localStorage.setItem(SOUND, sound ? "on" : "off");
  voice.mute(!sound);
  showSound();
  show();
}

function toggleLanguage() {
  switchLanguage();
  redress();
}

function arrived(event) {
  if (event.type === "text") addText(event);
  if (event.type === "incoming_call") handset.rings(event).catch(() => {}); // a call no longer known does not ring
}

function callOrAnswer() {
  if (state.phase === "incoming") handset.answer();
  else handset.dial(ownNumber(), hotline.hotline);
}

function press(key) {
  if (!isLive(state)) return;
  flash(key, sound);
  voice.stop();
  handset.press(key);
}

async function begin() {
  voice.mute(!sound);
  redress();
  for (;;) {
    try {
      hotline = await api.hotline();
      break;
    } catch {
      link.down();
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
  link.up();
  offerNumbers(hotline.demo_numbers, useNumber, () => forgive("bad_number"));
  if (wasCut()) complain({ key: "reloaded" });
  redress();
}

at("call").addEventListener("click", callOrAnswer);
at("hang-up").addEventListener("click", handset.hangUp);
at("silence").addEventListener("click", handset.beSilent);
at("sound").addEventListener("click", toggleSound);
at("language").addEventListener("click", toggleLanguage);
at("help-open").addEventListener("click", showHelp);
at("number").addEventListener("keydown", (event) => event.key === "Enter" && event.target.dispatchEvent(new Event("change")) && callOrAnswer());
usePad(press);
useKeyboard(
  {
    press, Enter: callOrAnswer, Escape: handset.hangUp, "?": showHelp, m: toggleSound, l: toggleLanguage,
    s: speech.focus, v: speech.listen, w: handset.beSilent,
  },
  singleKeys,
  helpDialog,
);
at("microphone").hidden = !canHear;
addEventListener("beforeunload", (event) => isBusy(state) && event.preventDefault()); // "leave the page?": it hangs up
addEventListener("pagehide", () => isBusy(state) && noteCut());
addEventListener("pagehide", handset.leave);
setInterval(() => showTime(state, Date.now(), hotline.pace === "stepped"), TICK_MS);
begin();
