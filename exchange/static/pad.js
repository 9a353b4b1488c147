// The keypad.

import { keyTone } from "./tones.js";

const FLASH_MS = 120;
const pad = document.getElementById("pad");

export function usePad(press) {
  pad.addEventListener("click", ({ target }) => {
    const key = target.closest(".key");
    if (key) press(key.dataset.key);
  });
}

/** Shows a pressed key and plays its tone, whatever the input device. */
export function flash(key, sounding) {
  const button = pad.querySelector(`[data-key="${key}"]`);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), FLASH_MS);
  if (sounding) keyTone(key);
}
