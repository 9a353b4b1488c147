// Where a page hears of changes: from the worker that all tabs share, or from a stream of its own where there is none.
import { LiveStream } from "./live-stream.js";
import { workerScript } from "./workers.js";

const BASE = new URL("../live", import.meta.url).href;
const WORKER = new URL("./live-worker.js", import.meta.url).href;

function shared(since, heard, failed) {
  const worker = new SharedWorker(workerScript(WORKER), { type: "module" });
  worker.onerror = failed;
  worker.port.onmessage = ({ data }) => heard(data);
  return {
    begin: () => worker.port.postMessage({ watch: since() }),
    end: () => worker.port.postMessage({ leaves: true }),
  };
}

function alone(since, heard) {
  const stream = new LiveStream(BASE, heard);
  return { begin: () => stream.watch(since()), end: () => stream.close() };
}

// `since` gives topic -> the version that the page shows now.
export function startSource(since, heard) {
  let source;
  const begin = (made) => {
    source = made;
    source.begin();
  };
  const beginAlone = () => begin(alone(since, heard));
  if ("SharedWorker" in self) begin(shared(since, heard, beginAlone));
  else beginAlone();
  addEventListener("pagehide", () => source.end());
  addEventListener("pageshow", (event) => event.persisted && source.begin()); // back from the browser's cache of pages
}
