// A reload of the page hangs up: afterwards the page says why the call ended.

const KEY = "phone.cut_by_reload";

/** Called while the page unloads during a call. */
export const noteCut = () => sessionStorage.setItem(KEY, "yes");

/** A new call started: forget the previous one. */
export const forgetCut = () => sessionStorage.removeItem(KEY);

/** True when a reload ended the last call of this tab; other navigation does not count. */
export function wasCut() {
  if (performance.getEntriesByType("navigation")[0]?.type !== "reload") forgetCut();
  return sessionStorage.getItem(KEY) !== null;
}
