// Detects other pages of this browser with the same number, since both receive its calls and texts.

const CHANNEL = "phone.tabs";

/** `changed(shared)` is called when another page uses the number of this one, or no longer does. */
export function watchTabs(changed) {
  const me = crypto.randomUUID?.() ?? String(Math.random());
  const others = new Map(); // page -> its number
  const channel = new BroadcastChannel(CHANNEL);
  let number = null;
  let shared = false;
  const tell = (kind) => channel.postMessage({ kind, page: me, number });
  const look = () => {
    const now = number !== null && [...others.values()].includes(number);
    if (now === shared) return;
    shared = now;
    changed(shared);
  };
  channel.onmessage = ({ data }) => {
    if (data.kind === "left") others.delete(data.page);
    else others.set(data.page, data.number);
    if (data.kind === "uses") tell("also");
    look();
  };
  addEventListener("pagehide", () => tell("left"));
  addEventListener("pageshow", ({ persisted }) => persisted && tell("uses"));
  return {
    /** This page now uses the number `own`; null: a number without an inbox. */
    use(own) {
      number = own;
      tell("uses");
      look();
    },
  };
}
