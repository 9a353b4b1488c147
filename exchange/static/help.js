// The list of keyboard shortcuts, and the switch that disables single-key shortcuts.

import { word } from "./words.js";

const KEYS = [
  ["0–9 * #", "help.digits"], ["Enter", "help.enter"], ["Esc", "help.escape"], ["S", "help.s"], ["V", "help.v"],
  ["W", "help.w"], ["M", "help.m"], ["L", "help.l"], ["?", "help.help"],
];
const KEY = "phone.shortcuts";
const dialog = document.getElementById("help");
const shortcuts = document.getElementById("shortcuts");

shortcuts.checked = localStorage.getItem(KEY) !== "off";
shortcuts.addEventListener("change", () => localStorage.setItem(KEY, shortcuts.checked ? "on" : "off"));

export const helpDialog = dialog;
export const singleKeys = () => shortcuts.checked;
export const showHelp = () => dialog.showModal();

export function dressHelp() {
  const rows = KEYS.flatMap(([key, meaning]) => {
    const term = document.createElement("dt");
    const name = document.createElement("kbd");
    name.textContent = key;
    term.append(name);
    const description = document.createElement("dd");
    description.textContent = word(meaning);
    return [term, description];
  });
  document.getElementById("help-keys").replaceChildren(...rows);
}
