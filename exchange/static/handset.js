// The actions of the person at this phone. They are sent one after another, in order.

import * as api from "./api.js";
import { followCall, putDown } from "./follow.js";
import { isBusy, isLive } from "./call_state.js";

/** `store`: get(), tell(action). `complain(problem)` shows a refusal, `complain(null)` removes it. */
export function makeHandset(store, link, complain) {
  let digits = "";
  let sending = Promise.resolve();
  let own = 0;
  let dials = 0;

  const holds = (call) => store.get().call === call && isBusy(store.get());

  /** Resolves to true when the exchange accepted the action; failures after the end of the call are ignored. */
  const dispatch = (call, request) => {
    const done = sending.then(request).then(
      () => { complain(null); return true; },
      (problem) => { if (holds(call)) complain(problem); return false; },
    );
    sending = done;
    return done;
  };
  const act = (deed, body) => {
    const { call } = store.get();
    return dispatch(call, () => api.act(call, deed, body));
  };
  const follow = (call) => followCall(call, link, (event) => holds(call) && store.tell(event), () => holds(call));

  async function dial(from, peer) {
    if (isBusy(store.get())) return;
    dials += 1;
    const mine = dials;
    const waits = () => dials === mine && store.get().phase === "dialling";
    store.tell({ type: "own.dial", peer });
    try {
      const { call } = await api.dial(from);
      link.up();
      if (!waits()) return putDown(call, "hangup"); // the caller was faster
      complain(null);
      store.tell({ type: "own.dialled", call });
      follow(call);
    } catch (problem) {
      if (!waits()) return;
      store.tell({ type: "own.clear" });
      complain(problem);
    }
  }

  function press(key) {
    if (!isLive(store.get())) return;
    digits += key;
    if (digits.length > 1) return; // goes out with the one before it
    const { call } = store.get();
    dispatch(call, () => {
      const pressed = digits;
      digits = "";
      return api.act(call, "keys", { digits: pressed });
    });
  }

  async function speak(text, confidence) {
    if (!isLive(store.get()) || !(await act("speech", { text, confidence }))) return false;
    own += 1;
    store.tell({ type: "own.spoke", text, seq: `own${own}`, at: new Date().toISOString() });
    return true;
  }

  /** Rings if the call is still ringing: an inbox also reports calls that have ended. */
  async function rings({ call, from }) {
    const { state } = await api.callEvents(call, 0, 0);
    if (state !== "ringing" || isBusy(store.get())) return;
    store.tell({ type: "own.rings", call, from });
    follow(call);
  }

  /** Hanging up always works: the call ends here at once, and at the exchange when it receives the request. */
  function hangUp() {
    const { call, phase } = store.get();
    if (!isBusy(store.get())) return;
    const [deed, reason] = phase === "incoming" ? ["reject", "rejected"] : ["hangup", "hangup"];
    store.tell({ type: "own.hung_up", reason, at: new Date().toISOString() });
    if (call) sending.then(() => putDown(call, deed)); // after the keys pressed before
  }

  return {
    dial, press, speak, rings, hangUp,
    answer: () => store.get().phase === "incoming" && act("answer"),
    beSilent: () => isLive(store.get()) && act("silence"),
    leave: () => isBusy(store.get()) && store.get().call && api.hangUpAndLeave(store.get().call),
  };
}
