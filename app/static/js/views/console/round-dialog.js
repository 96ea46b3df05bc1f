// The dialog in which a round is made or changed. It begins with what its kind usually needs, so that a name and a length are enough.

import { signal } from "@preact/signals-core";
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { CRITERIA_WORDS, METHOD_WORDS } from "../../contract-later.js";
import { AT_ZERO, CRITERIA, METHODS, RELEASES, ROUND_DEFAULTS, ROUND_KINDS } from "../../contract.js";
import { openDialog } from "../../core/dialog.js";
import { sentence } from "../../core/errors.js";
import { t, text } from "../../core/i18n.js";
import { icon } from "../../core/icon.js";
import { mintId } from "../../core/ids.js";
import { factors, tables } from "../../core/records.js";
import { submit } from "../../core/session.js";
import { toast } from "../../core/toast.js";
import { later, readTime } from "./day-time.js";
import { kindWord } from "./words.js";

/** @import {Round, Words} from "../../core/records.js" */
/**
 * @typedef {object} Plan what the agenda says of a round
 * @property {number} day
 * @property {string} starts
 * @property {Round["kind"]} kind
 * @property {Words} name
 * @property {Words} instruction
 * @property {number} minutes
 * @property {Record<string, string[]> | null} scope
 * @property {string[]} factors
 * @property {Round["release"]} release
 * @property {number} cards_per_person
 * @property {boolean} per_factor
 * @property {string | null} method
 * @property {string | null} targets
 * @property {Words[]} questions
 * @property {number} points
 * @property {number} cap
 * @property {Round["at_zero"]} at_zero
 * @property {number} grace_s
 * @property {boolean} review
 */
/** @typedef {import("@preact/signals-core").Signal<Plan>} Draft */

const BALLOTS = ["vote", "assess", "prioritise"];

/** A discussion after the given round: the kind is chosen first. @param {Round | undefined} after @returns {Plan} */
export function newPlan(after) {
  const starts = after ? later(after.starts, after.minutes) : "09:00";
  return withDefaults(/** @type {Plan} */ ({ day: after?.day ?? 1, starts, name: {}, instruction: {}, scope: null, factors: factors.value.map(({ id }) => id) }), "discuss");
}

/** @param {Round} round @returns {Plan} */
export const planOf = ({ day, starts, kind, name, instruction, minutes, scope, factors: own, release, cards_per_person, per_factor, method, targets, questions, points, cap, at_zero, grace_s, review }) => ({
  day, starts, kind, name, instruction, minutes, scope, factors: own, release, cards_per_person, per_factor, method, targets, questions: questions ?? [], points, cap, at_zero, grace_s, review,
});

/** @param {Plan} plan @param {Round["kind"]} kind @returns {Plan} */
const withDefaults = (plan, kind) => /** @type {Plan} */ ({ ...plan, ...ROUND_DEFAULTS[kind], kind });

/**
 * Asks until the server takes it or the person goes back; what was typed stays when it is refused.
 * @param {{title: string, yes: string, plan: Plan, take: (plan: Plan) => [string, Record<string, unknown>]}} how
 *   `take` names the operation and its payload
 * @returns {Promise<{plan: Plan, id: string} | null>} what was taken, and under which id
 */
export async function askPlan({ title, yes, plan, take }) {
  const draft = signal(plan);
  const wrong = signal("");
  for (;;) {
    const answer = await openDialog({ title, wide: true, body: () => form(draft, wrong.value), actions: [{ label: t("Go back"), value: "" }, { label: yes, value: "yes", kind: "button-primary" }] });
    if (answer !== "yes") return null;
    const [kind, payload] = take(draft.value);
    // A refused operation is final: each try has an id of its own.
    const id = mintId();
    const sent = await submit(kind, payload, { id });
    if (!("code" in sent)) return { plan: draft.value, id };
    wrong.value = sent.code === "bad_plan" ? String(sent.data["field"] ?? "") : sent.code;
    if (sent.code !== "bad_plan") toast(sentence(sent.code, sent.data));
    if (sent.code === "changed_meanwhile" || sent.code === "not_in_this_state") return null;
  }
}

/** @param {Draft} draft @param {string} wrong the field that does not fit */
function form(draft, wrong) {
  const plan = draft.value;
  const set = (/** @type {Partial<Plan>} */ some) => void (draft.value = { ...draft.value, ...some });
  return html`
    <div class="plan">
      ${wrong ? html`<p class="notice notice-danger" role="alert">${icon("warning")} <span>${faultOf(wrong)}</span></p>` : nothing}
      <div class="plan-row">
        <label class="field plan-kind"><span class="label">${t("What happens")}</span>
          <select class="input" autofocus @change=${(/** @type {Event} */ event) => (draft.value = withDefaults(draft.value, /** @type {Round["kind"]} */ (valueOf(event))))}>
            ${ROUND_KINDS.map((kind) => html`<option value=${kind} ?selected=${kind === plan.kind}>${kindWord(/** @type {Round["kind"]} */ (kind))}</option>`)}
          </select></label>
        ${number(t("Minutes"), plan.minutes, 1, 1440, (minutes) => set({ minutes }))}
        <label class="field plan-time"><span class="label">${t("Planned start")}</span><input class="input numeric" inputmode="numeric" maxlength="8" autocomplete="off" .value=${live(plan.starts)} @change=${(/** @type {Event} */ event) => set({ starts: readTime(valueOf(event)) || draft.value.starts })} /></label>
      </div>
      ${both(t("Name"), plan.name, wrong === "name", (name) => set({ name }), 160)}
      ${both(t("Instruction to everybody"), plan.instruction, wrong === "instruction", (instruction) => set({ instruction }), 600)}
      ${scopeFields(plan, set, wrong)}
      ${plan.kind === "post" ? textFields(plan, set) : nothing}
      ${BALLOTS.includes(plan.kind) ? ballotFields(plan, set) : nothing}
      ${zeroFields(plan, set)}
    </div>`;
}

/** @param {string} field */
function faultOf(field) {
  /** @type {Record<string, string>} */
  const words = {
    name: t("Give the round a name, in French or in English."),
    factors: t("Choose at least one factor."),
    scope: t("Each table that takes part needs at least one factor."),
    cards_per_person: t("How many actions may one person write? At least one."),
    release: t("Say when the actions are shown."),
    method: t("Choose a way of voting."),
    targets: t("Say what the vote is about."),
    questions: t("Write at least one question."),
    points: t("Give at least one point."),
    cap: t("The most on one cannot be more than all points."),
    rounds: t("An agenda has at most 500 rounds."),
  };
  return words[field] ?? sentence(field);
}

/** @param {Event} event */
const valueOf = (event) => /** @type {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} */ (event.target).value;

/** @param {string} label @param {number} value @param {number} low @param {number} high @param {(value: number) => void} set */
const number = (label, value, low, high, set) => html`
  <label class="field plan-number"><span class="label">${label}</span>
    <input class="input" type="number" inputmode="numeric" min=${low} max=${high} .value=${live(String(value))} @change=${(/** @type {Event} */ event) => set(Math.min(high, Math.max(low, Math.round(Number(valueOf(event))) || low)))} /></label>`;

/** @param {string} label @param {boolean} value @param {(value: boolean) => void} set */
const tick = (label, value, set) => html`
  <label class="check"><input type="checkbox" .checked=${live(value)} @change=${(/** @type {Event} */ event) => set(/** @type {HTMLInputElement} */ (event.target).checked)} /> <span>${label}</span></label>`;

/** Words in both languages, side by side; one is enough. @param {string} label @param {Words} words @param {boolean} isWrong @param {(words: Words) => void} set @param {number} most */
const both = (label, words, isWrong, set, most) => html`
  <fieldset class="plan-both"><legend class="label">${label}</legend>
    ${["fr", "en"].map(
      (lang) => html`<label class="plan-lang"><span class="plan-code">${lang.toUpperCase()}<span class="visually-hidden"> ${label}</span></span>
        <input class="input" lang=${lang} maxlength=${most} aria-invalid=${isWrong ? "true" : "false"} .value=${live(words[lang] ?? "")} @input=${(/** @type {Event} */ event) => set({ ...words, [lang]: valueOf(event) })} /></label>`,
    )}
  </fieldset>`;

/** @param {Plan} plan @param {(some: Partial<Plan>) => void} set @param {string} wrong */
function scopeFields(plan, set, wrong) {
  const all = factors.value.map(({ id }) => id);
  const byTable = plan.scope !== null;
  return html`
    <fieldset class="plan-scope" aria-invalid=${wrong === "factors" || wrong === "scope" ? "true" : "false"}><legend class="label">${t("Who works on which factors")}</legend>
      ${tables.value.length
        ? html`<div class="segmented" role="group" aria-label=${t("Tables")}>
            <button type="button" class="segment" aria-pressed=${byTable ? "false" : "true"} @click=${() => set({ scope: null, factors: all })}>${t("Everybody on the same")}</button>
            <button type="button" class="segment" aria-pressed=${byTable ? "true" : "false"} @click=${() => byTable || set({ scope: spread(all), factors: all })}>${t("Each table on its own")}</button>
          </div>`
        : nothing}
      ${byTable ? html`<p class="hint">${t("A table without a factor does not take part.")}</p> ${tables.value.map((table) => tableRow(plan, table, set))}` : chips(plan.factors, (own) => set({ factors: own }), t("Factors"))}
    </fieldset>`;
}

/** The factors dealt out to the tables in turn, as a beginning. @param {string[]} all @returns {Record<string, string[]>} */
const spread = (all) => Object.fromEntries(tables.value.map(({ id }, at) => [id, all.filter((_, n) => n % tables.value.length === at)]));

/** @param {Plan} plan @param {import("../../core/records.js").Table} table @param {(some: Partial<Plan>) => void} set */
const tableRow = (plan, table, set) => html`
  <div class="plan-table"><span class="plan-table-name">${text(table.name)}</span>
    ${chips(plan.scope?.[table.id] ?? [], (own) => set(withTable(plan, table.id, own)), text(table.name))}</div>`;

/** @param {Plan} plan @param {string} table @param {string[]} own @returns {Partial<Plan>} */
function withTable(plan, table, own) {
  const { [table]: _, ...others } = plan.scope ?? {};
  const scope = own.length ? { ...others, [table]: own } : others;
  const used = new Set(Object.values(scope).flat());
  return { scope, factors: factors.value.map(({ id }) => id).filter((id) => used.has(id)) };
}

/** @param {string[]} own @param {(own: string[]) => void} set @param {string} label */
const chips = (own, set, label) => html`
  <div class="plan-chips" role="group" aria-label=${label}>
    ${factors.value.map(({ id, number: n, title }) => html`
      <button type="button" class="plan-chip" data-factor-number=${n} title=${text(title)} aria-pressed=${own.includes(id) ? "true" : "false"}
        @click=${() => set(factors.value.map((factor) => factor.id).filter((other) => (other === id ? !own.includes(id) : own.includes(other))))}>${n}<span class="visually-hidden"> ${text(title)}</span></button>`)}
  </div>`;

/** @param {Plan} plan @param {(some: Partial<Plan>) => void} set */
const textFields = (plan, set) => html`
  <fieldset class="plan-rules"><legend class="label">${t("Writing")}</legend>
    <div class="plan-row">${number(t("Actions per person"), plan.cards_per_person, 1, 100, (cards_per_person) => set({ cards_per_person }))} ${tick(t("counted for each factor"), plan.per_factor, (per_factor) => set({ per_factor }))}</div>
    <label class="field"><span class="label">${t("When they are shown")}</span>
      <select class="input" @change=${(/** @type {Event} */ event) => set({ release: /** @type {Round["release"]} */ (valueOf(event)) })}>
        ${RELEASES.map((release) => html`<option value=${release} ?selected=${release === plan.release}>${releaseWord(release)}</option>`)}
      </select></label>
    ${plan.release === "sealed" ? tick(t("I read them before everybody does"), plan.review, (review) => set({ review })) : nothing}
    ${plan.release === "at_once" || plan.release === "signed" ? html`<p class="hint">${icon("warning")} ${t("Only for harmless subjects: who writes can be guessed or read. This cannot change once the round has begun.")}</p>` : nothing}
  </fieldset>`;

/** @param {string} release */
const releaseWord = (release) =>
  ({
    sealed: t("Sealed: nobody sees them before the opening"),
    batched: t("In batches, unnamed, mixed among at least five authors"),
    at_once: t("At once, unnamed"),
    signed: t("At once, signed by their authors"),
  })[release] ?? release;

/** @param {Plan} plan @param {(some: Partial<Plan>) => void} set */
function ballotFields(plan, set) {
  const [name = "", options = ""] = (plan.method ?? "").split(":");
  const takes = (/** @type {string} */ setting) => settingsOf(name).includes(setting);
  return html`
    <fieldset class="plan-rules"><legend class="label">${t("Voting")}</legend>
      <div class="plan-row">
        <label class="field"><span class="label">${t("How")}</span>
          <select class="input" @change=${(/** @type {Event} */ event) => set(withMethod(plan, valueOf(event)))}>
            ${plan.kind === "vote" ? nothing : html`<option value="" ?selected=${!name}>${t("No ballot: talk only")}</option>`}
            ${Object.entries(METHOD_WORDS).map(([id, words]) => html`<option value=${id} ?selected=${id === name}>${text(words)}</option>`)}
          </select></label>
        ${name
          ? html`<label class="field"><span class="label">${t("About what")}</span>
              <select class="input" @change=${(/** @type {Event} */ event) => set({ targets: valueOf(event) })}>
                ${Object.entries(targetWords()).map(([id, words]) => html`<option value=${id} ?selected=${id === plan.targets}>${words}</option>`)}
              </select></label>`
          : nothing}
      </div>
      <div class="plan-row">
        ${takes("points") ? number(t("Points"), plan.points, 1, 1000, (points) => set({ points })) : nothing}
        ${takes("cap") ? number(t("At most on one (0: no limit)"), plan.cap, 0, 1000, (cap) => set({ cap })) : nothing}
        ${takes("scope")
          ? html`<label class="field"><span class="label">${t("Counted")}</span>
              <select class="input" @change=${(/** @type {Event} */ event) => set({ method: valueOf(event) ? `${name}:${valueOf(event)}` : name })}>
                <option value="factor" ?selected=${options === "factor"}>${t("for each factor")}</option><option value="round" ?selected=${options === "round"}>${t("for the whole list")}</option>
              </select></label>`
          : nothing}
      </div>
      ${takes("criteria") ? criteria(name, options, set) : nothing}
      ${plan.targets === "questions" ? questionFields(plan, set) : nothing}
      <p class="hint">${icon("lock")} ${t("Secret, counted once when you publish. No count exists before.")}</p>
    </fieldset>`;
}

const targetWords = () => ({
  clusters: t("groups, and actions in none"), cards: t("single actions"), factors: t("the factors"), chosen: t("a list I choose at the start"),
  sheets: t("the action sheets"), questions: t("questions I write here"),
});

/** What a round may set of a way of voting. @param {string} method @returns {readonly string[]} */
const settingsOf = (method) => /** @type {Record<string, {settings: readonly string[]}>} */ (METHODS)[method]?.settings ?? [];

/** @param {Plan} plan @param {string} method @returns {Partial<Plan>} */
function withMethod(plan, method) {
  if (!method) return { method: null, targets: null };
  const settings = settingsOf(method);
  return { method, targets: plan.targets ?? "clusters", points: settings.includes("points") ? plan.points || 3 : 0, cap: settings.includes("cap") ? plan.cap : 0 };
}

/** @param {string} name @param {string} options @param {(some: Partial<Plan>) => void} set */
function criteria(name, options, set) {
  const chosen = options ? options.split("+") : [...CRITERIA];
  const words = /** @type {Record<string, Words>} */ (CRITERIA_WORDS);
  return html`<div class="plan-row">${CRITERIA.map((criterion) =>
    tick(text(words[criterion] ?? {}) || criterion, chosen.includes(criterion), (on) => {
      const left = CRITERIA.filter((other) => (other === criterion ? on : chosen.includes(other)));
      if (left.length) set({ method: `${name}:${left.join("+")}` });
    }),
  )}</div>`;
}

/** One question a line; a bar between French and English. @param {Plan} plan @param {(some: Partial<Plan>) => void} set */
const questionFields = (plan, set) => html`
  <label class="field"><span class="label">${t("Questions, one a line: French | English")}</span>
    <textarea class="input" rows="4" .value=${live(plan.questions.map(({ fr, en }) => (fr === en ? fr : `${fr} | ${en}`)).join("\n"))} @change=${(/** @type {Event} */ event) => set({ questions: questionsIn(valueOf(event)) })}></textarea></label>`;

/** @param {string} lines @returns {Words[]} */
const questionsIn = (lines) =>
  lines.split("\n").map((line) => line.split("|").map((part) => part.trim())).filter(([fr]) => fr).map(([fr = "", en]) => ({ fr, en: en || fr }));

/** @param {Plan} plan @param {(some: Partial<Plan>) => void} set */
const zeroFields = (plan, set) => html`
  <fieldset class="plan-rules"><legend class="label">${t("At zero")}</legend>
    <div class="plan-row">
      <label class="field"><span class="visually-hidden">${t("At zero")}</span>
        <select class="input" @change=${(/** @type {Event} */ event) => set({ at_zero: /** @type {Round["at_zero"]} */ (valueOf(event)), grace_s: valueOf(event) === "ring" ? 0 : plan.grace_s || 2 })}>
          ${AT_ZERO.map((rule) => html`<option value=${rule} ?selected=${rule === plan.at_zero}>${zeroWord(rule)}</option>`)}
        </select></label>
      ${plan.at_zero === "ring" ? nothing : number(t("Grace (s)"), plan.grace_s, 0, 60, (grace_s) => set({ grace_s }))}
    </div>
  </fieldset>`;

/** @param {string} rule */
const zeroWord = (rule) => ({ ring: t("It only shows; I close it"), close: t("It closes, after the grace"), advance: t("It closes, and the next round of the day starts") })[rule] ?? rule;
