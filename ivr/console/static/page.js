// A page as the server shows it, as a document. XMLHttpRequest hands over a parsed document in which no script runs, so
// that no text is ever made into HTML here.
const TIMEOUT_MS = 15000;

export function fetchPage(address, { method = "GET", body = null, headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.responseType = "document";
    request.timeout = TIMEOUT_MS;
    request.onload = () => resolve(request);
    request.onerror = request.ontimeout = () => reject(new Error("not fetched"));
    request.send(body);
  });
}
