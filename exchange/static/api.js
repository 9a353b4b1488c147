// Client of the exchange's phone API: every request of the page is made here.

const ROOT = "/phone/api";
const ATTENDED = { "Phone-Attended": "page" }; // a call this page no longer asks about is hung up by the exchange
const PATIENCE_MS = 20000; // the exchange holds a listening request for at most ten seconds

/** A refusal of the exchange, with its reason in both languages. */
export class Refusal extends Error {
  constructor(error) {
    super(error.code);
    this.code = error.code;
    this.words = { zh: error.message_zh, en: error.message_en };
  }
}

/** No response, or a response that is not from the exchange. */
export class Unreachable extends Error {}

async function send(method, path, body, stop) {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const answer = await fetch(ROOT + path, {
    method,
    cache: "no-store",
    signal: stop ? AbortSignal.any([patience, stop]) : patience,
    headers: body === undefined ? ATTENDED : { ...ATTENDED, "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch((cause) => { throw new Unreachable(String(cause)); });
  if (answer.status === 204) return null;
  const content = await answer.json().catch(() => { throw new Unreachable(`status ${answer.status}`); });
  if (answer.ok) return content;
  throw content.error ? new Refusal(content.error) : new Unreachable(`status ${answer.status}`);
}

const seg = encodeURIComponent;

export const hotline = () => send("GET", "/hotline");
export const dial = (from) => send("POST", "/calls", { from });
export const callEvents = (call, after, wait) => send("GET", `/calls/${seg(call)}/events?after=${after}&wait=${wait}`);
export const act = (call, deed, body) => send("POST", `/calls/${seg(call)}/${deed}`, body ?? {});
export const register = (number) => send("PUT", `/phones/${seg(number)}`, { label: "browser" });
export const inbox = (number, after, wait, stop) =>
  send("GET", `/phones/${seg(number)}/inbox?after=${after}&wait=${wait}`, undefined, stop);

/** Hangs up while the page is closing, without waiting for a response. */
export const hangUpAndLeave = (call) => navigator.sendBeacon(`${ROOT}/calls/${seg(call)}/hangup`);
