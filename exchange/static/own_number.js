// Applies the phone's own number: its inbox, and other pages that use the same number.

import { isReachable, isWithheld } from "./caller_view.js";
import { followInbox, heartbeat } from "./follow.js";
import { complain, forgive, showShared } from "./notice_view.js";
import { watchTabs } from "./tabs.js";
import { clearTexts, showTexts } from "./texts_view.js";

/** `arrived` is called for every text and call; returns the function that starts using a number. */
export function makeOwnNumber(link, arrived) {
  const tabs = watchTabs(showShared);
  let listening = null; // stops the inbox of the number used before
  return (number) => {
    listening?.abort();
    listening = new AbortController();
    clearTexts();
    showTexts(isWithheld());
    forgive("bad_number", "no_such_number", "reloaded");
    tabs.use(isReachable(number) ? number : null);
    if (isReachable(number)) followInbox(number, link, arrived, complain, listening.signal);
    else heartbeat(link, listening.signal);
  };
}
