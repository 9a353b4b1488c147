// Makes the regions of this page like those of a newer one and touches only what differs, so that focus, selection,
// scrolling and whatever somebody is typing stay. A row with data-key stays the same row wherever it goes; what is marked
// data-keep belongs to the reader: it keeps its content, even where the parts around it are others now.
const OWN = new Set(["open"]); // attributes that the reader changes: an opened part stays open

// `isAnswer`: the page answers a deed of the reader's. Otherwise what a deed was told stays: a form that was refused keeps
// its faults until it is sent again, unless the page has turned to something else (data-face).
export function patchPage(fresh, isAnswer = false) {
  document.title = fresh.title;
  patchRegions(fresh, "live", isAnswer ? () => true : isUntold);
  if (isAnswer) patchRegions(fresh, "told", () => true);
  document.dispatchEvent(new CustomEvent("patched"));
}

const isUntold = (region, newer) =>
  region.dataset.face !== newer.dataset.face || !region.querySelector("[aria-invalid=true]");

function patchRegions(fresh, kind, isWanted) {
  for (const region of document.querySelectorAll(`[data-${kind}]`)) {
    const newer = fresh.querySelector(`[data-${kind}="${CSS.escape(region.dataset[kind])}"]`);
    if (newer && isWanted(region, newer)) keepingFocus(() => patch(region, newer));
  }
}

// A row that is moved loses the focus, though it is the same row.
function keepingFocus(act) {
  const focused = document.activeElement;
  act();
  if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
}

function patch(old, fresh) {
  patchAttributes(old, fresh);
  if (old.matches("time[data-since], time[data-until]")) return; // its text is the clock's
  if (old.dataset.keep) return;
  if ([...fresh.children].some((each) => each.dataset.key)) patchRows(old, fresh);
  else patchNodes(old, fresh);
}

function patchAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) if (!OWN.has(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes)
    if (!OWN.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
}

function patchRows(old, fresh) {
  const wanted = new Set([...fresh.children].map((each) => each.dataset.key));
  for (const row of [...old.children]) if (!wanted.has(row.dataset.key)) row.remove();
  const rows = new Map([...old.children].map((row) => [row.dataset.key, row]));
  let place = old.firstElementChild;
  for (const newer of fresh.children) {
    const row = rows.get(newer.dataset.key);
    if (row && row === place?.nextElementSibling) {
      old.append(place); // it goes further down; all that follow stay where they are
      place = row;
    }
    if (row && row === place) place = place.nextElementSibling;
    else old.insertBefore(row ?? imported(newer), place);
    if (row) patch(row, newer);
  }
}

// A new part of the page, with what is kept moved into it.
function imported(newer) {
  const made = document.importNode(newer, true);
  for (const place of made.querySelectorAll?.("[data-keep]") ?? []) {
    const kept = document.querySelector(`[data-keep="${CSS.escape(place.dataset.keep)}"]`);
    if (!kept) continue;
    patchAttributes(kept, place);
    place.replaceWith(kept);
  }
  return made;
}

const isOther = (node, newer) =>
  node.nodeName !== newer.nodeName || node.id !== newer.id || node.dataset?.keep !== newer.dataset?.keep;

function patchNodes(old, fresh) {
  const had = [...old.childNodes];
  const news = [...fresh.childNodes];
  news.forEach((newer, place) => {
    const node = had[place];
    if (!node) old.append(imported(newer));
    else if (isOther(node, newer)) node.replaceWith(imported(newer));
    else if (node.nodeType === Node.ELEMENT_NODE) patch(node, newer);
    else if (node.data !== newer.data) node.data = newer.data;
  });
  for (const gone of had.slice(news.length)) gone.remove();
}
