// Live pages. A page that says data-topics and data-since on its main hears of changes and fetches itself again: only what
// changed in its regions is touched. Each page works without this; it is then as old as its last load.
import { startSource } from "./live-source.js";
import { fetchPage } from "./page.js";
import { patchPage } from "./patch.js";
import { setServerNow, startClocks } from "./clocks.js";
import { showConnection } from "./connection.js";

// Calls `refresh` when one of the topics changed: one at a time, and once more where something changed meanwhile.
// `topics`: topic -> the version that the page shows. A refresh that failed is made up for once there is a connection.
export function live(topics, refresh) {
  const shown = { ...topics };
  let isBusy = false;
  let isDue = false;
  async function run() {
    isDue = true;
    if (isBusy) return;
    isBusy = true;
    while (isDue) {
      isDue = false;
      if (!(await refresh().catch(() => false))) {
        isDue = true;
        break;
      }
    }
    isBusy = false;
  }
  startSource(() => shown, (heard) => {
    if (heard.now) setServerNow(heard.now);
    if (heard.kind === "signed-out") return location.assign(location.pathname + location.search);
    if (heard.kind === "on" || heard.kind === "off") showConnection(heard.kind === "on");
    if (heard.kind === "on" && isDue) run();
    if (heard.kind !== "change" || !(heard.topic in shown)) return;
    shown[heard.topic] = heard.version;
    run();
  });
}

// The header says that nobody need be there: it does not keep a session awake.
async function refreshPage() {
  const answer = await fetchPage(location.href, { headers: { "X-Live": "refresh" } });
  if (new URL(answer.responseURL).pathname !== location.pathname) location.assign(location.pathname + location.search);
  if (answer.status !== 200) return false;
  patchPage(answer.response);
  return true;
}

export function startLive() {
  startClocks();
  const { topics, since } = document.querySelector("#main").dataset;
  if (!topics) return;
  setServerNow(document.querySelector("#connection").dataset.now);
  const versions = since.split(",").map(Number);
  live(Object.fromEntries(topics.split(",").map((topic, place) => [topic, versions[place]])), refreshPage);
}
