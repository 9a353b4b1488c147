// Tabs of the script: arrows move, the panel follows.
function choose(tabs, chosen) {
  for (const tab of tabs) {
    const isOn = tab === chosen;
    tab.setAttribute("aria-selected", String(isOn));
    tab.tabIndex = isOn ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !isOn;
  }
  chosen.focus();
}

const tabsOf = (element) => [...element.closest("[role=tablist]").querySelectorAll("[role=tab]")];

export function startTabs() {
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) choose(tabsOf(tab), tab);
  });
  document.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || !event.target.matches("[role=tab]")) return;
    const tabs = tabsOf(event.target);
    choose(tabs, tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length]);
  });
}
