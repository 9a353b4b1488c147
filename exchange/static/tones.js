// The sounds of the telephone: DTMF tones, ringing.

const LOW = [697, 770, 852, 941];
const HIGH = [1209, 1336, 1477];
const PAD = "123456789*0#";
const KEY_SECONDS = 0.12;
const RING = { frequencies: [450], seconds: 1, everyMs: 5000 }; // as China's networks ring: 1 s on, 4 s off

let context = null;
let ringing = null;

function sound(frequencies, seconds, loudness) {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
  const gain = new GainNode(context, { gain: 0 });
  const start = context.currentTime;
  gain.gain.setTargetAtTime(loudness, start, 0.004);
  gain.gain.setTargetAtTime(0, start + seconds - 0.02, 0.004);
  gain.connect(context.destination);
  for (const frequency of frequencies) {
    const tone = new OscillatorNode(context, { frequency });
    tone.connect(gain);
    tone.start(start);
    tone.stop(start + seconds);
  }
}

/** The two frequencies of a key (ITU-T Q.23). */
export function dualTone(key) {
  const place = PAD.indexOf(key);
  return [LOW[Math.floor(place / 3)], HIGH[place % 3]];
}

export function keyTone(key) {
  sound(dualTone(key), KEY_SECONDS, 0.08);
}

/** Rings, or stops ringing. */
export function ring(on) {
  if (on === (ringing !== null)) return;
  if (!on) {
    clearInterval(ringing);
    ringing = null;
    return;
  }
  const once = () => sound(RING.frequencies, RING.seconds, 0.05);
  ringing = setInterval(once, RING.everyMs);
  once();
}
