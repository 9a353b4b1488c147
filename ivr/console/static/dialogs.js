// Buttons that open a dialog of the page; the browser gives the focus back when it closes.
export function startDialogs() {
  for (const button of document.querySelectorAll("[data-opens]"))
    button.addEventListener("click", () => document.getElementById(button.dataset.opens).showModal());
}
