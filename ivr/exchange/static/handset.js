// What the person at this phone does with a call. Deeds are sent one after another, in the order they were done.

import * as api from "./api.js";
import { followCall } from "./follow.js";
import { isBusy, isLive } from "./call_state.js";

/** `store`: get(), tell(action). `complain(problem)` shows a refusal, `complain(null)` takes it away. */
export function makeHandset(store, link, complain) {
  let digits = "";
  let sending = Promise.resolve();
  let own = 0;

  const dispatch = (request) => {
    sending = sending.then(request).then(() => complain(null), complain);
    return sending;
  };
  const act = (deed, body) => {
    const { call } = store.get();
    return dispatch(() => api.act(call, deed, body));
  };
  const follow = (call) => followCall(call, link, (event) => store.get().call === call && store.tell(event));

  async function dial(from, peer) {
    if (isBusy(store.get())) return;
    store.tell({ type: "own.dial", peer });
    try {
      const { call } = await api.dial(from);
      link.up();
      complain(null);
      store.tell({ type: "own.dialled", call });
      follow(call);
    } catch (problem) {
      store.tell({ type: "own.clear" });
      complain(problem);
    }
  }

  function press(key) {
    if (!isLive(store.get())) return;
    digits += key;
    if (digits.length > 1) return; // goes out with the one before it
    const { call } = store.get();
    dispatch(() => {
      const pressed = digits;
      digits = "";
      return api.act(call, "keys", { digits: pressed });
    });
  }

  async function speak(text, confidence) {
    if (!isLive(store.get())) return;
    await act("speech", { text, confidence });
    own += 1;
    store.tell({ type: "own.spoke", text, seq: `own${own}`, at: new Date().toISOString() });
  }

  /** Rings when the call still does: an inbox also tells of calls long over. */
  async function rings({ call, from }) {
    const { state } = await api.callEvents(call, 0, 0);
    if (state !== "ringing" || isBusy(store.get())) return;
    store.tell({ type: "own.rings", call, from });
    follow(call);
  }

  function hangUp() {
    const state = store.get();
    if (!state.call || !isBusy(state)) return;
    act(state.phase === "incoming" ? "reject" : "hangup");
  }

  return {
    dial, press, speak, rings, hangUp,
    answer: () => store.get().phase === "incoming" && act("answer"),
    beSilent: () => isLive(store.get()) && act("silence"),
    leave: () => isBusy(store.get()) && store.get().call && api.hangUpAndLeave(store.get().call),
  };
}
