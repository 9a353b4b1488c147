// The leader's telephone at the embedded exchange, which has no microphone: what is said in the talk is read, and typed
// words are spoken. The exchange decides who hears them, as a provider does: nobody while the leader only listens.
import { ExchangePhone } from "../desk/exchange-phone.js";

const facts = document.querySelector("#leader-voice")?.dataset;

function line(who, text, isOwn) {
  const list = document.querySelector("#said");
  if (!list) return;
  const item = document.createElement("li");
  item.classList.toggle("own", isOwn);
  item.append(Object.assign(document.createElement("b"), { textContent: who }), Object.assign(document.createElement("span"), { textContent: text }));
  list.append(item);
  list.scrollTop = list.scrollHeight;
}

function startVoice() {
  const phone = new ExchangePhone(facts.phone, { heard: ({ text }) => line("", text, false), changed: () => {} });
  document.addEventListener("submit", async (event) => {
    if (!event.target.matches("#speak")) return;
    event.preventDefault();
    const field = document.querySelector("#line");
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    line(facts.me, (await phone.say(text)) ? text : facts.refused, true);
  });
  phone.start();
}

if (facts?.phone) startVoice();
