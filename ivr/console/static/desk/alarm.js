// An offer is heard, shown by the system where the page is hidden, and never takes the focus from what is being typed.
const AGAIN_MS = 2500;
const TONES = [[880, 0], [660, 0.22]]; // hertz, and when each begins

let ringing; // the offer that rings
let timer;
let sound;
let note;

function tone() {
  sound ??= new AudioContext();
  if (sound.state !== "running") return void sound.resume().catch(() => {});
  for (const [hertz, at] of TONES) {
    const voice = sound.createOscillator();
    const gain = sound.createGain();
    const begins = sound.currentTime + at;
    voice.frequency.value = hertz;
    gain.gain.setValueAtTime(0.0001, begins);
    gain.gain.exponentialRampToValueAtTime(0.12, begins + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, begins + 0.2);
    voice.connect(gain).connect(sound.destination);
    voice.start(begins);
    voice.stop(begins + 0.21);
  }
}

function show(words) {
  if (!("Notification" in self) || Notification.permission !== "granted" || !document.hidden) return;
  note = new Notification(words, { tag: "desk-offer" });
  note.onclick = () => self.focus();
}

function silence() {
  clearInterval(timer);
  note?.close();
  ringing = undefined;
}

function look() {
  const strip = document.querySelector("[data-offer]");
  const offer = strip?.dataset.offer;
  if (offer === ringing) return;
  silence();
  if (!offer) return;
  ringing = offer;
  tone();
  timer = setInterval(tone, AGAIN_MS);
  show(strip.querySelector("[role=alert]").textContent);
}

export function startAlarm() {
  document.addEventListener("patched", look);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#ready")) return; // a person asks for calls: the moment to ask for sound and notices
    sound ??= new AudioContext();
    sound.resume().catch(() => {});
    if ("Notification" in self && Notification.permission === "default") Notification.requestPermission().catch(() => {});
  });
  look();
}
