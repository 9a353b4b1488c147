// The state of a call: a reducer of journal events and the phone's own actions. Pure; contains no wording.
// It stores the number of digits, never the digits: a password must not stay on the screen.

const LINES = 200;

export const IDLE = Object.freeze({
  phase: "idle", // idle, dialling, ringing, incoming, live, ended
  call: null,
  incoming: false,
  peer: null,
  lines: [],
  lit: null, // seq of the line, or the part of one, being said
  waiting: null, // {input, digits, finish, timeout, since}
  queued: false,
  party: null, // with whom the caller was connected
  since: null,
  until: null,
  ended: null, // {by, reason}
});

const moment = (event) => Date.parse(event.at);

function line(state, event, kind, details) {
  const added = { seq: event.seq, at: moment(event), kind, ...details };
  return { ...state, lines: [...state.lines, added].slice(-LINES) };
}

function note(state, event, details) {
  return line(state, event, "note", { note: event.type, details });
}

/** True when the hotline's speech continues its last line, with nothing in between. */
const goesOn = ({ waiting, lit }, last) =>
  waiting === null && lit !== null && last?.kind === "say" && last.who === "hotline" && last.parts.at(-1).seq === lit;

function said(state, event) {
  const who = event.voice === "person" ? "person" : "hotline";
  const part = { seq: event.seq, text: event.text || "", language: event.language };
  const last = state.lines.at(-1);
  const next = event.type === "say" && who === "hotline" && goesOn(state, last)
    ? { ...state, lines: [...state.lines.slice(0, -1), { ...last, parts: [...last.parts, part] }] }
    : line(state, event, event.type, { who, parts: [part] });
  const party = who === "person" ? state.party : null; // when the hotline speaks, the caller is back with it
  return { ...next, lit: event.seq, waiting: null, party };
}

/** The listening state after these keys, with a restarted timer; null when they complete the entry. */
function stillWaiting(waiting, event) {
  if (!waiting) return null;
  let { pressed } = waiting;
  for (const key of event.digits) {
    if (key !== waiting.finish) pressed += 1;
    if (pressed === waiting.digits || (key === waiting.finish && pressed > 0)) return null;
  }
  return { ...waiting, pressed, since: moment(event) };
}

function pressed(state, event) {
  const last = state.lines.at(-1);
  const waiting = stillWaiting(state.waiting, event);
  if (last?.kind !== "keys") return { ...line(state, event, "keys", { count: event.count }), lit: null, waiting };
  const grown = { ...last, count: last.count + event.count };
  return { ...state, lines: [...state.lines.slice(0, -1), grown], lit: null, waiting };
}

const EVENTS = {
  ringing: (state) => (state.phase === "incoming" ? state : { ...state, phase: "ringing" }),
  answered: (state, event) => ({ ...state, phase: "live", since: moment(event) }),
  say: said,
  play: said,
  pause: (state) => ({ ...state, lit: null, waiting: null }),
  listening: (state, event) => ({
    ...state,
    waiting: {
      input: event.input, digits: event.num_digits, finish: event.finish_on_key,
      timeout: event.timeout, since: moment(event), pressed: 0,
    },
  }),
  keys: pressed,
  heard: (state, event) => ({ ...line(state, event, "heard", { text: event.text }), lit: null, waiting: null }),
  no_input: (state, event) => ({ ...note(state, event, {}), lit: null, waiting: null }),
  queued: (state, event) => ({ ...note(state, event, {}), queued: true, lit: null, waiting: null }),
  left_queue: (state, event) => ({ ...note(state, event, { result: event.result }), queued: false, lit: null }),
  connected: (state, event) => ({
    ...note(state, event, { with: event.with }), queued: false, party: event.with, lit: null, waiting: null,
  }),
  beep: (state, event) => note(state, event, {}), // somebody else came into the conference, or left it
  recording: (state, event) => note(state, event, { status: event.status }),
  warning: (state, event) => line(state, event, "warning", { code: event.code, text: event.message }),
  error: (state, event) => line(state, event, "error", { code: event.code, text: event.message }),
  ended: (state, event) => ({
    ...state, phase: "ended", ended: { by: event.by, reason: event.reason }, until: moment(event),
    lit: null, waiting: null, queued: false, party: null,
  }),
};

/** Events of the page itself; the prefix `own.` distinguishes them from journal events. */
const DEEDS = {
  "own.dial": (_, deed) => ({ ...IDLE, phase: "dialling", peer: deed.peer }),
  "own.dialled": (state, deed) => ({ ...state, call: deed.call }),
  "own.rings": (_, deed) => ({ ...IDLE, phase: "incoming", incoming: true, peer: deed.from, call: deed.call }),
  "own.clear": () => IDLE,
  "own.spoke": (state, deed) => (state.party ? line(state, deed, "heard", { text: deed.text }) : state),
  "own.hung_up": (state, deed) => EVENTS.ended(state, { by: "caller", reason: deed.reason, at: deed.at }),
  "own.lost": (state, deed) => EVENTS.ended(state, { by: "exchange", reason: "lost", at: deed.at }),
};

/** The next state; events of an unknown type are ignored. */
export function reduce(state, action) {
  const change = EVENTS[action.type] ?? DEEDS[action.type];
  return change ? change(state, action) : state;
}

export const isLive = (state) => state.phase === "live";
export const isBusy = (state) => ["dialling", "ringing", "incoming", "live"].includes(state.phase);

/** Whole seconds since the call was answered; null before that. */
export function seconds(state, now) {
  return state.since === null ? null : Math.max(0, Math.floor(((state.until ?? now) - state.since) / 1000));
}

/** Whole seconds until the input timer expires; null while the hotline does not listen. */
export function secondsLeft(state, now) {
  const waiting = state.waiting;
  return waiting && Math.max(0, Math.ceil(waiting.timeout - (now - waiting.since) / 1000));
}
