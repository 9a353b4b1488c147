// A key presses what shows it. Single keys rest while somebody types, and can be switched off; Ctrl+Enter always submits.
// End belongs to whoever types as well: it moves the cursor.
const TYPED = "input:not([type=checkbox], [type=radio], [type=range], [type=file]), textarea, select";
const SWITCH = "staff-single-keys";

function nameOf(event) {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return (event.ctrlKey ? "Ctrl+" : "") + key;
}

function shownOn(key) {
  const ground = document.querySelector("dialog[open]") ?? document;
  return [...ground.querySelectorAll("[aria-keyshortcuts]")].find(
    (element) => element.getAttribute("aria-keyshortcuts").split(" ").includes(key) && element.getClientRects().length,
  );
}

function press(element) {
  if (element.getAttribute("aria-disabled") === "true") return;
  if (element.matches(TYPED)) element.focus();
  else element.click();
}

// The form that is being filled in, else the one that shows the key.
function submit(target, key) {
  const form = target.form ?? target.closest("form[method=post]");
  const shown = shownOn(key);
  const button = shown ?? form?.querySelector("button:not([type=button])");
  if (button) press(button);
}

function onKey(event) {
  if (event.isComposing || event.altKey || event.metaKey) return;
  const field = event.target.closest(TYPED);
  const key = nameOf(event);
  if (key === "Escape") return field?.blur();
  if (key === "Ctrl+Enter") return submit(event.target, key);
  if ((key.length === 1 || key === "End") && (field || !document.querySelector("#single").checked)) return;
  const target = shownOn(key);
  if (!target) return;
  event.preventDefault();
  press(target);
}

export function startKeys() {
  const single = document.querySelector("#single");
  single.checked = localStorage.getItem(SWITCH) !== "off";
  single.addEventListener("change", () => localStorage.setItem(SWITCH, single.checked ? "on" : "off"));
  document.addEventListener("keydown", onKey);
}
