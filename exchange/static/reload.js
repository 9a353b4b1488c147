// A reload of the page hangs up: what remains of the call is the word that this was why it ended.

const KEY = "phone.cut_by_reload";

/** While the page is being left: a call was still going on. */
export const noteCut = () => sessionStorage.setItem(KEY, "yes");

/** A new call: the last one is no longer of interest. */
export const forgetCut = () => sessionStorage.removeItem(KEY);

/** Whether a reload cut the last call of this tab; one cut by going elsewhere and coming back is forgotten. */
export function wasCut() {
  if (performance.getEntriesByType("navigation")[0]?.type !== "reload") forgetCut();
  return sessionStorage.getItem(KEY) !== null;
}
