// A sentence said to the hotline: typed, or through the microphone.

import { canHear, listenOnce } from "./hearing.js";

const TYPED = 1; // nothing was misheard
const form = document.getElementById("speech");
const sentence = document.getElementById("sentence");
const microphone = document.getElementById("microphone");

/** `say(text, confidence)` answers whether it was taken; `live()` tells whether there is a call to speak into. */
export function useSpeech(say, live, complain) {
  let stop = null;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = sentence.value;
    if (!typed.trim() || !live()) return;
    sentence.value = ""; // so that the next can be typed; what nobody took comes back
    if (!(await say(typed.trim(), TYPED)) && !sentence.value) sentence.value = typed;
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
