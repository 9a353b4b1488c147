// A clock of the desk: the timers of a hidden page slow down to one a minute, those of its worker do not. It stops with
// its page, so that a desk that sleeps proves nothing.
const EVERY_MS = 5000;

postMessage("now");
setInterval(() => postMessage("now"), EVERY_MS);
