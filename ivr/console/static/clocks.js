// Clocks that run in the page by the server's time: <time data-since="…"> counts up, <time data-until="…"> counts down to
// nothing; <time data-clock="Asia/Shanghai"> is the time of day there. The moments are ISO 8601 with their zone; nobody's own clock needs to be right.
let ahead = 0; // milliseconds that the server's clock is ahead of this machine's

export function setServerNow(iso) {
  ahead = Date.parse(iso) - Date.now();
  tick();
}

// A moment of the server's clock.
export function serverNow() {
  return Date.now() + ahead;
}

// Seconds as a wallboard shows them: 0:07, 12:30, 1:05:09.
export function spelled(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  const rest = two(whole % 60);
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}

// data-form="seconds": a countdown of a few seconds is told without its minutes.
function show(element, seconds) {
  const text = element.dataset.form === "seconds" ? String(Math.max(0, Math.floor(seconds))) : spelled(seconds);
  if (element.textContent !== text) element.textContent = text;
}

function tick() {
  const now = serverNow();
  for (const each of document.querySelectorAll("time[data-since]")) show(each, (now - Date.parse(each.dataset.since)) / 1000);
  for (const each of document.querySelectorAll("time[data-until]"))
    show(each, Math.ceil((Date.parse(each.dataset.until) - now) / 1000));
  for (const each of document.querySelectorAll("time[data-clock]"))
    each.textContent = new Date(now).toLocaleTimeString("sv-SE", { timeZone: each.dataset.clock, timeStyle: "short" });
}

export function startClocks() {
  tick();
  setInterval(tick, 1000);
}
