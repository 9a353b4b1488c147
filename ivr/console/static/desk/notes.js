// What is typed into the wrap-up sheet is saved half a second later, and again until the server has it.
const AFTER_MS = 500;
const AGAIN_MS = 2000;

let timer;
let isDirty = false;

const sheet = () => document.querySelector("form#sheet[data-saves]");

function tell(words, isWrong) {
  const place = document.querySelector("#saved");
  if (!place) return;
  place.textContent = words(place.dataset);
  place.classList.toggle("bad", isWrong);
}

async function save() {
  const form = sheet();
  if (!form || !isDirty) return;
  isDirty = false;
  try {
    const answer = await fetch(form.dataset.saves, { method: "POST", body: new FormData(form) });
    if (answer.redirected || !answer.ok) throw new Error(answer.status);
    const { saved_at: at } = await answer.json();
    if (!isDirty) tell(({ saved }) => saved.replace("{at}", at), false);
  } catch {
    isDirty = true;
    tell(({ unsaved }) => unsaved, true);
    later(AGAIN_MS);
  }
}

function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(save, ms);
}

export function startNotes() {
  document.addEventListener("input", (event) => {
    if (!sheet() || event.target.form !== sheet() || event.target.name === "after") return;
    isDirty = true;
    later(AFTER_MS);
  });
  document.addEventListener("deed", ({ detail }) => {
    if (detail === sheet()) isDirty = false; // it is sent whole
    else if (isDirty) save(); // before whatever ends the talk
  });
  addEventListener("pagehide", () => isDirty && sheet() && navigator.sendBeacon(sheet().dataset.saves, new FormData(sheet())));
}
