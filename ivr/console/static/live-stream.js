// One stream of changes, wherever it runs: in the shared worker, or in the page where there is none. It never gives up:
// the stream breaks or falls silent, it says so and opens another; it is refused one, it polls and asks again later.
const AGAIN_MS = 2000; // before a stream that broke is opened again
const POLL_MS = 5000; // between two polls while there is no stream
const STREAM_POLLS = 6; // after so many polls a stream is asked for again
const FIRST_SECONDS = 10; // how often the server gives a sign of life, until it says so itself

export class LiveStream {
  // `heard` is called with {kind: "change", topic, version, now}, {kind: "on", now}, {kind: "off"} and {kind: "signed-out"}.
  constructor(base, heard) {
    this.base = base;
    this.heard = heard;
    this.known = new Map(); // topic -> the version that was told last
    this.beatSeconds = FIRST_SECONDS;
  }

  // Listen to these topics too; `since`: topic -> the version that a page shows.
  watch(since) {
    const added = Object.entries(since).filter(([topic]) => !this.known.has(topic));
    for (const [topic, version] of added) this.known.set(topic, version);
    if (added.length || !this.isRunning) this.open();
  }

  close() {
    this.isRunning = false;
    this.source?.close();
    this.source = undefined;
    clearTimeout(this.timer);
  }

  open() {
    this.close();
    this.isRunning = true;
    const source = new EventSource(this.address(""));
    this.source = source;
    this.expect();
    source.addEventListener("change", (event) => this.change(JSON.parse(event.data)));
    source.addEventListener("beat", (event) => this.beat(JSON.parse(event.data)));
    source.addEventListener("signed-out", () => this.signedOut());
    source.onerror = () => this.broken(source.readyState === EventSource.CLOSED);
  }

  address(path) {
    const query = new URLSearchParams({ topics: [...this.known.keys()].join(), since: [...this.known.values()].join() });
    return `${this.base}${path}?${query}`;
  }

  change({ topic, version, now }) {
    this.known.set(topic, version);
    this.heard({ kind: "change", topic, version, now });
  }

  beat({ now, seconds }) {
    this.beatSeconds = seconds;
    this.heard({ kind: "on", now });
    this.expect();
  }

  // A network that froze reports nothing: two and a half signs of life that do not come are a broken stream.
  expect() {
    this.later(() => this.broken(false), this.beatSeconds * 2500);
  }

  // The browser's own trying again keeps the versions of the first address, so another stream is opened instead.
  broken(isRefused) {
    this.source?.close();
    this.source = undefined;
    if (isRefused) return this.poll(STREAM_POLLS);
    this.heard({ kind: "off" });
    this.later(() => this.open(), AGAIN_MS);
  }

  signedOut() {
    this.close();
    this.heard({ kind: "signed-out" });
  }

  async poll(left) {
    this.later(() => (left ? this.poll(left - 1) : this.open()), POLL_MS);
    let answer;
    try {
      answer = await fetch(this.address("/poll"), { signal: AbortSignal.timeout(POLL_MS) });
      if (answer.redirected) return this.signedOut();
      if (!answer.ok) throw new Error(answer.status);
      answer = await answer.json();
    } catch {
      return this.heard({ kind: "off" });
    }
    this.heard({ kind: "on", now: answer.now });
    for (const { topic, version } of answer.changes) this.change({ topic, version, now: answer.now });
  }

  later(act, ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, ms);
  }
}
