// The facilitator's message to all, across the top of the wall until its end.

import { computed, effect, signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { board } from "../../core/records.js";
import { serverNow } from "../../core/session.js";
import { title } from "./titles.js";

const over = signal("");
const message = computed(() => board.value?.message);

effect(() => {
  const said = message.value;
  if (!said) return;
  const timer = setTimeout(() => (over.value = said.id), Math.max(0, said.ends_at_ms - serverNow()));
  return () => clearTimeout(timer);
});

export function wallMessage() {
  const said = message.value;
  if (!said || over.value === said.id) return nothing;
  return html`<p class="wall-message-text" role="status">${icon("message")} ${title(said.text)}</p>`;
}
