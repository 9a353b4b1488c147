// Speech input through the microphone, where the browser supports speech recognition.

const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;

const PLAIN = 0.9; // the confidence of a sentence that a recogniser took without a figure

export const canHear = Recognition !== undefined;

/** Listens for one sentence in the language `tag`. Calls heard(text, confidence) or failed(), then done(). */
export function listenOnce(tag, { heard, failed, done }) {
  const recognition = new Recognition();
  recognition.lang = tag;
  recognition.onresult = ({ results }) => {
    const best = results[0][0];
    heard(best.transcript, best.confidence > 0 ? best.confidence : PLAIN); // some browsers always say 0
  };
  recognition.onerror = ({ error }) => error !== "aborted" && failed();
  recognition.onend = done;
  recognition.start();
  return () => recognition.abort();
}
