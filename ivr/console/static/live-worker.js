// One stream for all tabs of a browser: HTTP/1.1 allows six connections to a server, and a seventh stream would hang.
import { LiveStream } from "./live-stream.js";

const ports = new Set();
let last; // what a tab that comes later must know at once
const stream = new LiveStream(new URL("../live", self.location).href, (heard) => {
  if (heard.kind === "on" || heard.kind === "off") last = heard;
  for (const port of ports) port.postMessage(heard);
});

self.onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data }) => {
    if (data.leaves) return leave(port);
    ports.add(port);
    if (last && stream.isRunning) port.postMessage({ ...last, now: undefined });
    tellMissed(port, data.watch);
    stream.watch(data.watch);
  };
};

// A tab whose page was made before the last change: the stream has told the others of it already.
function tellMissed(port, since) {
  for (const [topic, version] of Object.entries(since))
    if (stream.isRunning && stream.known.has(topic) && stream.known.get(topic) !== version)
      port.postMessage({ kind: "change", topic, version: stream.known.get(topic) });
}

// The last tab has gone, perhaps for the next page: a stream that nobody reads would keep a place on the server.
function leave(port) {
  ports.delete(port);
  if (!ports.size) {
    stream.close();
    stream.known.clear();
  }
}
