// The facilitator's console: puts each view into the region that templates/console.html keeps for it.

import { computed, effect } from "@preact/signals-core";
import { rounds } from "./core/records.js";
import { currentRound } from "./core/rounds.js";
import { start } from "./core/session.js";
import { startTheme } from "./core/theme.js";
import * as agenda from "./views/console/agenda.js";
import * as banners from "./views/console/banners.js";
import * as bar from "./views/console/bar.js";
import { speakWarnings, startClocks } from "./views/console/clock.js";
import { startChecklist } from "./views/console/checklist.js";
import * as door from "./views/console/door.js";
import * as everybody from "./views/console/everybody.js";
import * as feed from "./views/console/feed.js";
import * as hands from "./views/console/hands.js";
import * as doubles from "./views/console/doubles.js";
import { listen } from "./views/console/keys.js";
import * as panes from "./views/console/panes.js";
import * as stage from "./views/console/stage.js";
import { pane } from "./views/console/state.js";
import { region } from "./views/console/watch.js";
import * as workspace from "./views/console/workspace.js";

startTheme();
start();
startClocks();
startChecklist();
listen();
doubles.start();

banners.mount(region("console-banners"));
bar.mount(region("console-bar"), region("console-workshop"));
agenda.mount(region("console-agenda"));
stage.mount({ head: region("stage-head"), rules: region("stage-rules"), clock: region("stage-clock"), steps: region("stage-steps"), tables: region("stage-tables") });
workspace.mount(region("console-workspace"));
door.mount(region("console-door"));
hands.mount(region("console-hands"));
everybody.mount(region("console-everybody"));
feed.mount(region("console-feed"));
panes.mount(region("console-panes"), region("console"));

speakWarnings(() => currentRound(rounds.value));

// The agenda opens where the seminar is: once it is there, and each time a phone turns to it.
const isThere = computed(() => rounds.value.length > 0);
effect(() => {
  if (isThere.value && pane.value) queueMicrotask(() => agenda.showCurrent(region("console-agenda")));
});
