// A masked value is asked for with a reason, shown for half a minute, and masked again.
const SHOWN_MS = 30000;

let button; // whose value is asked for

function open(chosen) {
  button = chosen;
  const dialog = document.querySelector("#reveal");
  dialog.querySelector("form").reset();
  dialog.querySelector("[role=alert]").hidden = true;
  dialog.querySelector("[data-field]").textContent = document.getElementById(chosen.getAttribute("aria-describedby")).textContent;
  dialog.showModal();
}

function show(value) {
  const place = button.previousElementSibling;
  const mask = place.textContent;
  const asked = button;
  place.textContent = value;
  place.classList.add("shown");
  asked.focus();
  setTimeout(() => {
    place.textContent = mask;
    place.classList.remove("shown");
  }, SHOWN_MS);
}

async function ask(dialog, form) {
  const answer = await fetch(button.dataset.reveal, { method: "POST", body: new FormData(form) }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  if (answer?.ok && told?.value !== undefined) {
    dialog.close();
    return show(told.value);
  }
  const place = dialog.querySelector("[role=alert]");
  place.textContent = told?.sentence ?? place.dataset.otherwise;
  place.hidden = false;
}

export function startReveal() {
  const dialog = document.querySelector("#reveal");
  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-reveal]");
    if (asked && !asked.previousElementSibling.matches(".shown")) open(asked);
  });
  dialog.querySelector("button[value=no]").addEventListener("click", () => dialog.close());
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    ask(dialog, event.target);
  });
}
