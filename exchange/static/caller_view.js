// The number that this phone calls from: a test customer's, a typed one, or a withheld one.

import { international, telephone } from "./format.js";
import { writtenIn } from "./tongue.js";
import { language, put, word } from "./words.js";

const WITHHELD = "anonymous";
const OTHER = "other";
const customer = document.getElementById("customer");
const number = document.getElementById("number");
const list = document.getElementById("customer-list");

export const ownNumber = () => (customer.value === WITHHELD ? WITHHELD : international(number.value));
export const isWithheld = () => customer.value === WITHHELD;

/** True when texts and calls can reach this number: not when it is withheld or incomplete. */
export const isReachable = (own) => /^(\+[1-9]\d{6,14}|client:[\w.@-]+)$/.test(own);

/** Offers the demo numbers. `changed` is called with each new number in use, `edited` at
    every change of what is typed. */
export function offerNumbers(numbers, changed, edited) {
  const options = [...numbers.map((one) => new Option(one.name, one.number)), new Option("", WITHHELD), new Option("", OTHER)];
  customer.replaceChildren(...options);
  list.replaceChildren(...numbers.map((one) => makeCustomer(one, () => pick(one.number))));
  let current = null;
  const tell = () => {
    if (ownNumber() === current) return;
    current = ownNumber();
    changed(current);
  };
  const pick = (value) => {
    if (customer.disabled) return;
    customer.value = value;
    fillNumber();
    tell();
  };
  customer.addEventListener("change", () => pick(customer.value));
  number.addEventListener("change", () => {
    const known = numbers.some((one) => one.number === ownNumber());
    customer.value = known ? ownNumber() : OTHER;
    if (isReachable(ownNumber())) number.value = ownNumber(); // as it is called from
    tell();
  });
  number.addEventListener("input", edited);
  pick(numbers[0]?.number ?? OTHER);
}

function fillNumber() {
  number.readOnly = isWithheld();
  if (isWithheld()) number.value = word("withheld");
  else if (customer.value === OTHER) {
    number.value = "+86";
    number.focus();
  } else number.value = customer.value;
}

function makeCustomer(one, use) {
  const item = document.createElement("li");
  item.className = "customer";
  const name = document.createElement("span");
  name.textContent = one.name;
  name.lang = writtenIn(one.name);
  const digits = document.createElement("span");
  digits.className = "small number-small";
  digits.textContent = telephone(one.number);
  const hint = document.createElement("span");
  hint.className = "small hint";
  hint.dataset.zh = one.hint_zh ?? "";
  hint.dataset.en = one.hint_en ?? "";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.dataset.name = one.name;
  button.addEventListener("click", use);
  item.append(name, digits, hint, button);
  return item;
}

/** Applies the words of the current language to the elements created here. */
export function dressNumbers() {
  for (const option of customer.options) {
    if (option.value === WITHHELD) option.text = word("withheld");
    if (option.value === OTHER) option.text = word("other_number");
  }
  if (isWithheld()) number.value = word("withheld");
  for (const hint of list.querySelectorAll(".hint")) put(hint, hint.dataset[language()]);
  for (const button of list.querySelectorAll("button")) {
    put(button, word("use"));
    button.setAttribute("aria-label", `${word("use")} ${button.dataset.name}`);
  }
}
