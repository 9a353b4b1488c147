// Deeds without leaving the page: a form marked data-deed is sent, and the page is made like the one that comes back.
// Without scripts the same form loads the same page.
import { fetchPage } from "./page.js";
import { patchPage } from "./patch.js";

const busy = new WeakSet();

// What was done leads to a page; what was refused comes back as the page that it was done on. All else is looked at anew.
function show(answer) {
  const isRefused = answer.status === 409 || answer.status === 422;
  if (!isRefused && answer.status !== 200) return location.reload();
  if (!isRefused && new URL(answer.responseURL).pathname !== location.pathname) return location.assign(answer.responseURL);
  patchPage(answer.response, true);
  if (answer.status === 422) document.querySelector("[aria-invalid=true]")?.focus();
}

async function send(form, submitter) {
  if (busy.has(form)) return;
  busy.add(form);
  const address = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
  document.dispatchEvent(new CustomEvent("deed", { detail: form }));
  try {
    show(await fetchPage(address, { method: "POST", body: new FormData(form, submitter) }));
  } catch {
    document.dispatchEvent(new CustomEvent("deed-failed"));
  } finally {
    busy.delete(form);
  }
}

export function startDeeds() {
  document.addEventListener("click", (event) => event.target.closest("[aria-disabled=true]") && event.preventDefault(), true);
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-deed]")) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });
}
