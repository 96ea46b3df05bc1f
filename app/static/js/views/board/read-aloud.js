/** Reading aloud where the browser has a voice: for those who read slowly, or follow in another language. Hidden elsewhere. */

import { effect, signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { icon } from "../../core/icon.js";
import { t } from "../../core/i18n.js";
import { page } from "../../core/page.js";

const speech = "speechSynthesis" in globalThis ? speechSynthesis : null;
/** The languages there is a voice for. */
const voices = signal(/** @type {ReadonlySet<string>} */ (new Set()));
const speaking = signal("");

// Voices arrive late, and on some systems never.
const learn = () => (voices.value = new Set(speech?.getVoices().map(({ lang }) => lang.slice(0, 2).toLowerCase())));
learn();
speech?.addEventListener?.("voiceschanged", learn);
effect(() => {
  if (!speaking.value) speech?.cancel();
});

/** @param {string} words @param {string | null} [language] the page's, when nobody knows */
export function readAloudButton(words, language) {
  const lang = language ?? page.lang;
  if (!speech || !words || !voices.value.has(lang)) return nothing;
  const isOn = speaking.value === words;
  return html`<button type="button" class="button button-small button-quiet" data-act="speak" aria-label=${isOn ? t("Stop reading aloud") : t("Read aloud")} title=${isOn ? t("Stop reading aloud") : t("Read aloud")} aria-pressed=${isOn ? "true" : "false"} @click=${() => (isOn ? (speaking.value = "") : speak(words, lang))}>${icon(isOn ? "stop" : "speaker")}</button>`;
}

/** @param {string} words @param {string} lang */
function speak(words, lang) {
  speech?.cancel();
  const utterance = Object.assign(new SpeechSynthesisUtterance(words), { lang });
  utterance.onend = utterance.onerror = () => {
    if (speaking.value === words) speaking.value = "";
  };
  speaking.value = words;
  speech?.speak(utterance);
}
