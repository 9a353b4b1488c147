// The browser's telephone at the embedded exchange: it is there under the agent's name, answers what the agent has accepted,
// and carries typed words where there is no microphone.
const API = "/phone/api";
const ATTENDED = { "Phone-Attended": "page" }; // a call that nobody asks about any more is hung up by the exchange
const WAIT_SECONDS = 10;
const AGAIN_MS = 1000;
const OVER = new Set(["completed", "busy", "failed", "no-answer", "canceled"]);

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export class ExchangePhone {
  // `heard({seq, text, call, isOld})` is called with what a person says; `isOld`: before this page was there. Then
  // `caughtUp(call, last)`, `last` being the number of the last thing heard.
  constructor(number, { heard, caughtUp }) {
    this.number = number;
    this.heard = heard;
    this.caughtUp = caughtUp;
    this.call = null;
    this.last = 0;
    this.isUp = false;
  }

  start() {
    this.stop();
    this.stopping = new AbortController();
    this.attend(this.stopping.signal);
  }

  stop() {
    this.stopping?.abort();
    this.isUp = false;
  }

  async attend(signal) {
    let after = null;
    while (!signal.aborted) {
      try {
        if (after === null) {
          await this.ask("PUT", `/phones/${this.number}`, signal, { label: "desk" });
          after = 0;
        }
        this.isUp = true;
        const { events } = await this.ask("GET", `/phones/${this.number}/inbox?after=${after}&wait=${WAIT_SECONDS}`, signal);
        const rung = events.filter((event) => event.type === "incoming_call").at(-1);
        after = events.at(-1)?.seq ?? after;
        if (rung && rung.call !== this.call) this.take(rung.call, signal);
      } catch {
        if (signal.aborted) return;
        this.isUp = false;
        after = null;
        await pause(AGAIN_MS);
      }
    }
  }

  // The agent has accepted before the exchange rings: the desk's telephone answers by itself.
  async take(call, signal) {
    const { state } = await this.ask("GET", `/calls/${call}/events?after=0&wait=0`, signal);
    if (state === "ringing") await this.ask("POST", `/calls/${call}/answer`, signal, {});
    if (!OVER.has(state)) this.follow(call, signal);
  }

  async follow(call, signal) {
    this.call = call;
    this.last = 0;
    let isOld = true;
    for (let after = 0; !signal.aborted; ) {
      try {
        const news = await this.ask("GET", `/calls/${call}/events?after=${after}&wait=${WAIT_SECONDS}`, signal);
        for (const event of news.events) {
          after = event.seq;
          if (event.type !== "say" || event.voice !== "person") continue;
          this.heard({ seq: event.seq, text: event.text, call, isOld });
          this.last = event.seq;
        }
        if (isOld) this.caughtUp(call, this.last);
        isOld = false;
        if (OVER.has(news.state)) break;
      } catch (problem) {
        if (signal.aborted || problem.status === 404) break;
        await pause(AGAIN_MS);
      }
    }
    if (this.call === call) this.call = null;
  }

  // Whether the exchange took what was said.
  async say(text) {
    if (!this.call) return false;
    return this.ask("POST", `/calls/${this.call}/speech`, undefined, { text, confidence: 1 }).then(() => true, () => false);
  }

  async ask(method, path, signal, body) {
    const headers = body ? { ...ATTENDED, "Content-Type": "application/json" } : ATTENDED;
    const answer = await fetch(API + path, { method, headers, signal, cache: "no-store", body: body && JSON.stringify(body) });
    if (!answer.ok) throw Object.assign(new Error(path), { status: answer.status });
    return answer.status === 204 ? null : answer.json();
  }
}
