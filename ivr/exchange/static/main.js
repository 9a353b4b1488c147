// The telephone in the browser: puts the parts together and redraws what changed.

import * as api from "./api.js";
import { isBusy, isLive, IDLE, reduce } from "./call_state.js";
import { dressNumbers, isReachable, isWithheld, offerNumbers, ownNumber } from "./caller_view.js";
import { showCall, showTime } from "./call_view.js";
import { followInbox, heartbeat, makeLink } from "./follow.js";
import { makeHandset } from "./handset.js";
import { canHear } from "./hearing.js";
import { dressHelp, helpDialog, showHelp, singleKeys } from "./help.js";
import { useKeyboard } from "./keyboard.js";
import { showLines } from "./lines_view.js";
import { complain, showLink, showNotice } from "./notice_view.js";
import { flash, usePad } from "./pad.js";
import { forgetCut, noteCut, wasCut } from "./reload.js";
import { useSpeech } from "./speech_form.js";
import { addText, clearTexts, showTexts } from "./texts_view.js";
import { ring } from "./tones.js";
import * as voice from "./voice.js";
import { dress, put, switchLanguage, word } from "./words.js";

const at = (id) => document.getElementById(id);
const TICK_MS = 250;
const SOUND = "phone.sound";
let state = IDLE;
let hotline = { hotline: null, pace: "real", demo_numbers: [] };
let sound = localStorage.getItem(SOUND) !== "off";
let listening = null; // stops the inbox of the number used before

const store = {
  get: () => state,
  tell(action) {
    const wasBusy = isBusy(state);
    state = reduce(state, action);
    if (!wasBusy && isBusy(state)) forgetCut();
    if (wasBusy && !isBusy(state)) complain(null); // what failed in a call is over with it
    voice.hear(action);
    show();
  },
};
const link = makeLink(showLink);
const handset = makeHandset(store, link, complain);
const speech = useSpeech((text, confidence) => handset.speak(text, confidence), () => isLive(state), complain);

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

function useNumber(number) {
  listening?.abort();
  listening = new AbortController();
  clearTexts();
  showTexts(isWithheld());
  if (isReachable(number)) followInbox(number, link, arrived, complain, listening.signal);
  else heartbeat(link, listening.signal);
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
  offerNumbers(hotline.demo_numbers, useNumber);
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
addEventListener("pagehide", () => isBusy(state) && noteCut());
addEventListener("pagehide", handset.leave);
setInterval(() => showTime(state, Date.now(), hotline.pace === "stepped"), TICK_MS);
begin();
