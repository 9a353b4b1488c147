// A sentence for the hotline: typed, or spoken. Digits typed while keys are expected are sent as keys: a
// password must never appear in the field.

import { canHear, listenOnce } from "./hearing.js";

const TYPED = 1; // nothing was misheard
const form = document.getElementById("speech");
const sentence = document.getElementById("sentence");
const microphone = document.getElementById("microphone");

const KEYS = /^[0-9*#]+$/;

/** `say(text, confidence)` resolves to true when it was accepted; `live()` is true during a call,
    `awaitsKeys()` whether the hotline takes keys now, `press(key)` presses one, `leave()` gives the focus back to them. */
export function useSpeech({ say, live, awaitsKeys, press, complain, leave }) {
  let stop = null;

  /** Keys typed into an empty field go to the keypad; inside a sentence they are part of it. */
  function divert() {
    const keys = sentence.value.normalize("NFKC").replace(/\s/g, "");
    if (!awaitsKeys() || !KEYS.test(keys)) return;
    sentence.value = "";
    leave();
    for (const key of keys) press(key);
  }
  sentence.addEventListener("input", (event) => event.isComposing || divert());
  sentence.addEventListener("compositionend", divert);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = sentence.value;
    if (!typed.trim() || !live()) return;
    sentence.value = ""; // so that the next can be typed; what nobody took comes back
    leave();
    if ((await say(typed.trim(), TYPED)) || sentence.value) return;
    sentence.value = typed;
    sentence.focus();
  });

  function done() {
    stop = null;
    microphone.setAttribute("aria-pressed", "false");
  }

  function listen() {
    if (!canHear || !live()) return;
    if (stop) {
      stop();
      return;
    }
    microphone.setAttribute("aria-pressed", "true");
    const failed = () => complain({ key: "microphone_failed" });
    stop = listenOnce(document.documentElement.lang, { heard: say, failed, done });
  }

  microphone.addEventListener("click", listen);
  return { listen, focus: () => sentence.focus() };
}
