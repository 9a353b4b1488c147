// Trusted types let these addresses be run as workers, and no other.
const OWN = new Set(["live-worker.js", "desk/proof-worker.js"].map((name) => new URL(name, import.meta.url).href));

const POLICY = self.trustedTypes?.createPolicy("live-worker", {
  createScriptURL(url) {
    if (!OWN.has(url)) throw new TypeError(url);
    return url;
  },
});

export const workerScript = (url) => (POLICY ? POLICY.createScriptURL(url) : url);
