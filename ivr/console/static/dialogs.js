// Buttons that open a dialog of the page, also those that came later; the browser gives the focus back when it closes.
export function startDialogs() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-opens]:not([aria-disabled=true])");
    if (button) document.getElementById(button.dataset.opens).showModal();
  });
  document.addEventListener("deed", ({ detail }) => detail.closest("dialog")?.close());
}
