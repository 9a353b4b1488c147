// What is typed into the wrap-up sheet is saved half a second later, and again until the server has it.
const AFTER_MS = 500;
const AGAIN_MS = 2000;

const UNSAVED = "desk-unsaved"; // what a page that is left has not saved yet: the next one of this tab takes it over

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

// A page that is left sends what it has, and hands it to the page that comes next, which may be made before it arrives.
function leave() {
  const form = sheet();
  if (!form || !isDirty) return;
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrf_token");
  sessionStorage.setItem(UNSAVED, JSON.stringify({ saves: form.dataset.saves, fields }));
  navigator.sendBeacon(form.dataset.saves, new FormData(form));
}

function takeOver() {
  const { saves, fields } = JSON.parse(sessionStorage.getItem(UNSAVED) ?? "{}");
  sessionStorage.removeItem(UNSAVED);
  const form = sheet();
  if (!saves || form?.dataset.saves !== saves) return;
  for (const [name, value] of fields) form.elements[name].value = value;
  isDirty = true;
  save();
}

export function startNotes() {
  takeOver();
  document.addEventListener("input", (event) => {
    if (!sheet() || event.target.form !== sheet() || event.target.name === "after") return;
    isDirty = true;
    later(AFTER_MS);
  });
  document.addEventListener("deed", ({ detail }) => {
    if (detail === sheet()) isDirty = false; // it is sent whole
    else if (isDirty) save(); // before whatever ends the talk
  });
  addEventListener("pagehide", leave);
}
