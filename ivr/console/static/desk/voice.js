// Who has the voice of this desk, and the proof that it is there: only a desk whose telephone answers is offered callers.
import { workerScript } from "../workers.js";
import { holdDesk } from "./desk-lock.js";
import { ExchangePhone } from "./exchange-phone.js";

const CLOCK = new URL("proof-worker.js", import.meta.url).href;

const facts = document.querySelector("#voice").dataset;
let phone; // null: a telephone of the agent's own rings
let clock;

function notice(words, act, label) {
  const place = document.querySelector("#desk-notices");
  place.replaceChildren(...(words ? [Object.assign(document.createElement("b"), { textContent: words })] : []));
  place.hidden = !words;
  if (!act) return;
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
  button.addEventListener("click", act);
  place.append(button);
}

async function prove() {
  const words = document.querySelector("#desk-notices").dataset;
  if (phone && !phone.isUp) return notice(words.silent);
  notice("");
  const body = new FormData();
  body.set("csrf_token", document.querySelector("meta[name=csrf-token]").content);
  const answer = await fetch(facts.proof, { method: "POST", body }).catch(() => null);
  if (answer?.redirected) location.reload(); // signed out
}

function line(who, text, isOwn) {
  const list = document.querySelector("#said");
  if (!list) return;
  const item = document.createElement("li");
  item.classList.toggle("own", isOwn);
  item.append(Object.assign(document.createElement("b"), { textContent: who }), Object.assign(document.createElement("span"), { textContent: text }));
  list.append(item);
  list.scrollTop = list.scrollHeight;
}

async function speak(event) {
  if (!event.target.matches("#speak")) return;
  event.preventDefault();
  const field = document.querySelector("#line");
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  if (await phone.say(text)) return line(facts.me, text, true);
  field.value ||= text;
  line(facts.me, facts.refused, true);
}

// A standard answer goes into the line that is to be said; a person says it where there is a microphone.
function phrase(event) {
  const chosen = event.target.closest("[data-phrase]");
  const field = document.querySelector("#line");
  if (!chosen || !field) return;
  field.value = chosen.nextElementSibling.textContent;
  field.focus();
}

function begin() {
  phone?.start();
  clock ??= new Worker(workerScript(CLOCK));
  clock.onmessage = prove;
}

function end(takeOver) {
  phone?.stop();
  if (clock) clock.onmessage = null;
  const words = document.querySelector("#desk-notices").dataset;
  notice(words.lost, takeOver, words.take);
}

export function startVoice() {
  phone = facts.phone ? new ExchangePhone(facts.phone, { heard: ({ text }) => line(facts.them, text, false), changed: () => {} }) : null;
  document.addEventListener("submit", speak);
  document.addEventListener("click", phrase);
  holdDesk(`desk-${facts.agent}`, { holds: begin, elsewhere: end });
}
