// The demonstration's sign-in page: "use" fills both fields in, and waits for the person to sign in.
export function startEntrance() {
  for (const button of document.querySelectorAll("[data-fills]"))
    button.addEventListener("click", () => {
      document.querySelector("#user").value = button.dataset.fills;
      document.querySelector("#pass").value = `demo-${button.dataset.fills}-2026`;
      document.querySelector("form .go").focus();
    });
}
