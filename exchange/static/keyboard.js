// Keyboard shortcuts for the phone's actions; inactive while text is typed.

const FIELDS = "input:not([type=checkbox]), textarea, select";
const PRESSABLE = "button, a, summary, input[type=checkbox]";

/** `deeds`: press(key), and a function for each of Enter, Escape, m, l, s, v, w, "?". `allowed()`: single-key shortcuts are enabled. */
export function useKeyboard(deeds, allowed, dialog) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (dialog.open || event.repeat) return;
    const deed = choose(event, deeds, allowed);
    if (!deed) return;
    event.preventDefault();
    deed();
  });
}

function choose(event, deeds, allowed) {
  const { target, key } = event;
  if (target.matches(FIELDS)) return key === "Escape" ? () => target.blur() : null;
  if (key === "Enter") return target.matches(PRESSABLE) ? null : deeds.Enter;
  if (key === "Escape") return deeds.Escape;
  if (!allowed()) return null;
  if (/^[0-9*#]$/.test(key)) return () => deeds.press(key);
  return deeds[key === "？" ? "?" : key.toLowerCase()];
}
