// Who has the voice of this desk, and the proof that it is there: only a desk whose telephone answers is offered callers.
import { workerScript } from "../workers.js";
import { holdDesk } from "./desk-lock.js";
import { ExchangePhone } from "./exchange-phone.js";

const CLOCK = new URL("proof-worker.js", import.meta.url).href;

const OWN = "desk-said"; // what was said from this tab, so that a reload can show it among what was heard

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
  if (facts.voice === "none") return notice(words.phone);
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
  if (/\p{Script=Han}/u.test(text)) item.lang = "zh-CN";
  item.append(Object.assign(document.createElement("b"), { textContent: who }), Object.assign(document.createElement("span"), { textContent: text }));
  list.append(item);
  list.scrollTop = list.scrollHeight;
}

// Own words of this call; those of earlier calls are forgotten.
const saidIn = (call) => JSON.parse(sessionStorage.getItem(OWN) ?? "[]").filter((each) => each.call === call);

// After a reload all that was heard is heard again: own words stand where they were said.
function heard({ seq, text, call, isOld }) {
  if (isOld) for (const own of saidIn(call).filter(({ after }) => after >= phone.last && after < seq)) line(facts.me, own.text, true);
  line(facts.them, text, false);
}

async function speak(event) {
  if (!event.target.matches("#speak")) return;
  event.preventDefault();
  const field = document.querySelector("#line");
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  const { call, last } = phone;
  if (await phone.say(text)) {
    sessionStorage.setItem(OWN, JSON.stringify([...saidIn(call), { call, after: last, text }]));
    return line(facts.me, text, true);
  }
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
  phone = facts.voice === "exchange" ? new ExchangePhone(facts.phone, { heard, caughtUp: (call, after) => saidIn(call).filter((own) => own.after >= after).forEach((own) => line(facts.me, own.text, true)) }) : null;
  document.addEventListener("submit", speak);
  document.addEventListener("click", phrase);
  holdDesk(`desk-${facts.agent}`, { holds: begin, elsewhere: end });
}
