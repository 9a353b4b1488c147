// The foot of a live page says whether it hears of changes, and since when it does not: 连接中断 自 14:05:09.
import { serverNow } from "./clocks.js";

let isOn;

export function showConnection(isNow) {
  if (isOn === isNow) return;
  isOn = isNow;
  const foot = document.querySelector("#connection");
  const { on, off, zone } = foot.dataset;
  const at = new Date(serverNow()).toLocaleTimeString("sv-SE", { timeZone: zone });
  foot.textContent = isNow ? on : off.replace("{at}", at);
  foot.classList.toggle("off", !isNow);
}
