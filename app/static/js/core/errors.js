/** A refusal as a sentence: what happened, why, what to do next. One for each code of the contract's closed list. */

import { t, tn } from "./i18n.js";

/** @type {Record<string, (data: Record<string, any>) => string>} */
const SENTENCES = {
  not_allowed: () => t("Your role cannot do this at the moment. The facilitator can, or can change the round."),
  round_over: () => t("The round was over before this arrived, so it was not counted. Your text is kept here as a draft."),
  round_not_open: () => t("The round has not begun yet. Wait for the facilitator to start it."),
  wrong_factor: () => t("Your table does not work on this factor in this round. Choose one of your table’s factors."),
  no_such_seat: () => t("No seat of your desk has this number, so nothing was entered. Look at the person’s sheet."),
  budget_spent: () => t("All your actions of this round are used. Withdraw one to write another."),
  board_full: () => t("This board holds all it may, so nothing more was taken. Your text is kept here. Tell the facilitator."),
  empty_text: () => t("There is nothing readable in this text. Write a few words."),
  too_long: ({ limit }) => (limit ? tn("This text is too long: %(n)s character at most. Shorten it.", "This text is too long: %(n)s characters at most. Shorten it.", limit) : t("This text is too long. Shorten it.")),
  bad_payload: () => t("The server could not read what this page sent. Reload the page and try again."),
  unknown_kind: () => t("The server does not know this command. Reload the page and try again."),
  id_reused: () => t("This was already sent with another content, so it was not taken again. Write it once more."),
  archived: () => t("This workshop was put away: it can be read, and nothing is changed any more. The administrator can take it out again."),
  gone: () => t("This is no longer there: somebody removed it meanwhile."),
  moved_meanwhile: () => t("Somebody else was faster, so nothing was changed. Look where it is now, and try again if you still want to."),
  unsigned: () => t("In this round actions carry their author’s name. Tick that you sign, or keep it for another round."),
  bad_plan: () => t("These rules do not fit together. Look at the field that is marked."),
  name_taken_meanwhile: ({ name }) => (name ? t("Somebody just named this group “%(name)s”, so your name was not set.", { name }) : t("Somebody just took the name of this group away, so yours was not set.")),
  names_wait: () => t("Here names come after the sorting. Group in silence first; names are open once the grouping round is over."),
  changed_meanwhile: ({ now }) => (now === undefined ? t("Somebody else changed this meanwhile. Look at it again, then change it.") : t("Somebody else just changed this, so your words were not set. Both stand before you: choose.")),
  bad_target: () => t("One of your choices is not on the list of this vote. Reload the page."),
  over_points: () => t("These are more points than you have. Take some back."),
  over_choices: ({ most }) => (most ? tn("You can choose %(n)s at most. Take one back.", "You can choose %(n)s at most. Take some back.", most) : t("These are more choices than you have. Take some back.")),
  over_cap: ({ cap }) => (cap ? tn("You can give %(n)s point at most to one group.", "You can give %(n)s points at most to one group.", cap) : t("These are more points than one group can have.")),
  paper_differs: () => t("Another person has read something else on this sheet. Look at the paper again, line by line."),
  over_hands: ({ most = 0 }) => t("These are more hands than people: there can be %(most)s at most.", { most }),
  too_few_seats: ({ seats = 0, needed = 5 }) => t("Only %(seats)s seats have joined. A round without names needs %(needed)s, so that nobody can be guessed.", { seats, needed }),
  too_few_authors: () => t("Fewer than five people wrote, so nothing can be shown without names."),
  not_in_this_state: () => t("This is not possible at this point of the round."),
  another_round_runs: () => t("Another round is running. Close it first."),
  no_targets: () => t("There is nothing to vote on yet. Publish or group some actions first."),
  slow_down: () => t("Too much at once. This is sent again by itself in a moment."),
  retry: () => t("The server was busy. This is sent again by itself in a moment."),
  storage: () => t("The server cannot write at the moment. This stays here and is sent again later."),
  internal: () => t("Something went wrong on the server. Nothing was changed, and your text is kept. Try again."),
  not_joined: () => t("The connection was just renewed. Try again."),
  reload: () => t("This page is older than the server. Reload it; what you wrote is kept."),
};

/**
 * @param {string} code
 * @param {Record<string, any>} [data]
 */
export const sentence = (code, data = {}) => (SENTENCES[code] ?? /** @type {() => string} */ (SENTENCES["internal"]))(data);
