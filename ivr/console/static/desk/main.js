// The desk: what is typed is saved, an offer is heard, the telephone of the browser answers, and the server is told that
// somebody is here.
import { startAlarm } from "./alarm.js";
import { startNotes } from "./notes.js";
import { startReveal } from "./reveal.js";
import { startTabs } from "./tabs.js";
import { startVoice } from "./voice.js";

startNotes();
startAlarm();
startReveal();
startTabs();
startVoice();
