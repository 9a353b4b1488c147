// Polls the exchange: the journal of a call, the inbox of a number. Reconnects after a lost connection.

import * as api from "./api.js";

const WAIT_SECONDS = 10;
const RETRY_MS = 1000;
const HEARTBEAT_MS = 3000;
const PUT_DOWN_TRIES = 40; // past the 30 seconds after which the exchange takes an unattended phone for gone
const FINAL = new Set(["completed", "busy", "failed", "no-answer", "canceled"]);

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Reports every event of the call until its end, or while it is `held`; ends with `own.lost` when the exchange no
    longer knows it. */
export async function followCall(call, link, tell, held) {
  let after = 0;
  while (held()) {
    try {
      const news = await api.callEvents(call, after, WAIT_SECONDS);
      link.up();
      for (const event of news.events) {
        after = event.seq;
        tell(event);
      }
      if (FINAL.has(news.state)) return;
    } catch (problem) {
      if (problem instanceof api.Refusal) {
        link.up();
        tell({ type: "own.lost", at: new Date().toISOString() });
        return;
      }
      link.down();
      await pause(RETRY_MS);
    }
  }
}

/** Registers the number and reports its inbox events, until `stop`. After a lost connection it reports all of them again. */
export async function followInbox(number, link, tell, refused, stop) {
  let after = null;
  while (!stop.aborted) {
    try {
      if (after === null) {
        await api.register(number);
        link.up();
        after = 0;
      }
      const news = await api.inbox(number, after, WAIT_SECONDS, stop);
      link.up();
      for (const event of news.events) {
        after = event.seq;
        if (!stop.aborted) tell(event);
      }
    } catch (problem) {
      if (stop.aborted) return;
      if (problem instanceof api.Refusal && problem.code !== "no_such_phone") {
        refused(problem);
        return;
      }
      after = null;
      if (!(problem instanceof api.Refusal)) link.down();
      await pause(RETRY_MS);
    }
  }
}

/** Hangs up or rejects, retrying until the exchange has received it. */
export async function putDown(call, deed) {
  for (let tries = 0; tries < PUT_DOWN_TRIES; tries += 1) {
    try {
      await api.act(call, deed);
      return;
    } catch (problem) {
      if (problem instanceof api.Refusal) return; // it is over already
      await pause(RETRY_MS);
    }
  }
}

/** For a phone without a number and inbox: checks at intervals whether the exchange responds. */
export async function heartbeat(link, stop) {
  while (!stop.aborted) {
    await api.hotline().then(link.up, link.down);
    await pause(HEARTBEAT_MS);
  }
}

/** Tracks whether the exchange responds. `changed` is called with the start of an outage, or null. */
export function makeLink(changed) {
  let since = null;
  const set = (moment) => {
    if ((since === null) === (moment === null)) return;
    since = moment;
    changed(since);
  };
  return { up: () => set(null), down: () => set(Date.now()) };
}
