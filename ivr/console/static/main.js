// The staff pages come alive here. Every page works without this; with it, by keyboard alone.
import { startKeys } from "./keys.js";
import { startDialogs } from "./dialogs.js";
import { startEntrance } from "./entrance.js";
import { startDeeds } from "./deeds.js";
import { startLive } from "./live.js";

startKeys();
startDialogs();
startEntrance();
startDeeds();
startLive();
