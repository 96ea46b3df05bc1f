// The wall: one thing, large, for the whole room. Draws the scene that the agenda calls for into templates/wall.html.

import { effect } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { t, text } from "./core/i18n.js";
import { rounds } from "./core/records.js";
import { start } from "./core/session.js";
import { startClocks } from "./views/console/clock.js";
import { region, watch } from "./views/console/watch.js";
import { digits, foot, head } from "./views/wall/frame.js";
import { controls, joinOverlay, listen } from "./views/wall/keys.js";
import { wallMessage } from "./views/wall/message.js";
import { remark, startRemarks } from "./views/wall/remark.js";
import { watchPlace } from "./views/wall/room.js";
import { sceneView } from "./views/wall/scenes.js";
import { scene, startShow } from "./views/wall/show.js";
import { startTitles } from "./views/wall/titles.js";

start();
startClocks();
startShow();
startTitles();
startRemarks();
listen();

const stage = region("wall-scene");

effect(() => {
  document.body.dataset["scene"] = scene.value.kind;
});
watch(region("wall-head"), head);
watch(region("wall-clock"), () => (scene.value.kind === "cards" || scene.value.kind === "ranking" ? digits() : nothing));
watchPlace(stage);
watch(stage, () => (rounds.value.length ? sceneView() : html`<p class="wall-waiting">${t("Connecting…")}</p>`));
watch(region("wall-remark"), () => {
  const comment = remark.value;
  if (!comment) return nothing;
  return html`<p class="wall-remark-text"><span class="tag tag-expert">${t("Expert")}</span> <strong>${comment.name ? text(comment.name) : nothing}</strong> <bdi>${comment.text}</bdi></p>`;
});
watch(region("wall-message"), wallMessage);
watch(region("wall-foot"), foot);
watch(region("wall-overlay"), joinOverlay);
watch(region("wall-controls"), controls);
