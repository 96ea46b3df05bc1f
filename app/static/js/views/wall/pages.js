// Cutting a factor's cards and a ranking into wall pages that can be read from the last row. Pure: it counts lines of text.

/** @import {Card, Cluster, TallyRow} from "../../core/records.js" */
/** @typedef {{title: string, more: boolean, cards: Card[]}} Block a group, or loose cards when the title is empty */
/**
 * How much fits: columns and lines in one, the height in em; how many lines a text takes in a column, as a label across the wall, or beside a map.
 * @typedef {{columns: number, lines: number, high: number, linesOf: (text: string, scale?: number) => number, labelLines: (text: string) => number, keyLines: (text: string) => number}} Room
 */

export const MOST_ITEMS = 12;
const TITLE_SCALE = 1.2;
// In em, as in the stylesheet: a bar with its gaps, a line of its label, the most lines a label has.
const BAR_EM = 1.5;
const LABEL_EM = 1.2;
const LABEL_LINES = 2;
// The line of notes under a bar; the gap and the means under a key's words; a key's title.
const NOTE_EM = 1.3;
const KEY_EM = 0.4;
const KEY_TITLE_EM = 1.9;

/**
 * The blocks of a factor: groups by size, then what stands alone.
 * @param {Card[]} cards published cards of the factor
 * @param {Cluster[]} clusters
 * @param {{unnamed: string, lone: string}} words for a group without a name, and for what is in none beside groups
 * @returns {Block[]}
 */
export function blocksOf(cards, clusters, words) {
  const sorted = [...cards].sort((a, b) => a.number - b.number);
  const groups = clusters
    .map((cluster) => ({ title: cluster.name || words.unnamed, cards: sorted.filter((card) => card.cluster === cluster.id), more: false }))
    .filter((block) => block.cards.length > 0)
    .sort((a, b) => b.cards.length - a.cards.length);
  const grouped = new Set(groups.flatMap((block) => block.cards));
  const lone = sorted.filter((card) => !grouped.has(card));
  if (!lone.length) return groups;
  if (groups.length) return [...groups, { title: words.lone, cards: lone, more: false }];
  return lone.map((card) => ({ title: "", cards: [card], more: false }));
}

/**
 * Pages of columns of blocks; nothing is cut inside a card, and a group that does not fit goes on in the next column.
 * @param {Block[]} blocks
 * @param {Room} room
 * @returns {Block[][][]}
 */
export function paginate(blocks, room) {
  /** @type {Block[][][]} */
  const pages = [];
  let page = /** @type {Block[][]} */ ([]);
  let column = /** @type {Block[]} */ ([]);
  let used = 0;
  const endColumn = () => {
    if (column.length) page.push(column);
    if (page.length === room.columns) endPage();
    column = [];
    used = 0;
  };
  const endPage = () => {
    if (page.length) pages.push(page);
    page = [];
  };
  for (const block of blocks.flatMap((whole) => pieces(whole, room))) {
    const high = height(block, room);
    const full = items(page) + items([column]) + block.cards.length > MOST_ITEMS;
    if (used && used + high > room.lines) endColumn();
    if (full) {
      endColumn();
      endPage();
    }
    column.push(block);
    used += high;
  }
  endColumn();
  endPage();
  return pages;
}

/** A group higher than a column, in pieces that fit. @param {Block} block @param {Room} room @returns {Block[]} */
function pieces(block, room) {
  /** @type {Block[]} */
  const parts = [];
  let part = /** @type {Block} */ ({ ...block, cards: [] });
  for (const card of block.cards) {
    const longer = { ...part, cards: [...part.cards, card] };
    if (part.cards.length && (height(longer, room) > room.lines || longer.cards.length > MOST_ITEMS)) {
      parts.push(part);
      part = { ...block, more: true, cards: [card] };
    } else part = longer;
  }
  return [...parts, part];
}

/** @param {Block[][]} columns */
const items = (columns) => columns.flat().reduce((count, block) => count + block.cards.length, 0);

/** In lines; the gap between cards counts as part of one, as in the stylesheet. @param {Block} block @param {Room} room */
function height(block, room) {
  const title = block.title ? room.linesOf(block.title, TITLE_SCALE) * TITLE_SCALE + 0.75 : 0;
  return title + block.cards.reduce((lines, card) => lines + room.linesOf(card.text) + 0.45, 0);
}

/**
 * A ranking in pages that hold.
 * @param {TallyRow[]} rows in order of rank
 * @param {Room} room
 * @param {(row: TallyRow) => string} label
 * @param {(row: TallyRow) => boolean} hasNotes whether a line of notes stands under its bar
 * @returns {TallyRow[][]}
 */
export function rankingPages(rows, room, label, hasNotes) {
  const high = (/** @type {TallyRow} */ row) => Math.min(LABEL_LINES, room.labelLines(label(row))) * LABEL_EM + BAR_EM + (hasNotes(row) ? NOTE_EM : 0);
  return filled(rows, high, room.high);
}

/** @typedef {{row: TallyRow, number: number}} Numbered */
/** @typedef {{title: string, list: Numbered[]}} KeyGroup */

/**
 * The list beside a map in pages that hold; a group that goes on keeps its title.
 * @param {KeyGroup[]} groups
 * @param {Room} room
 * @param {(row: TallyRow) => string} label
 * @returns {KeyGroup[][]}
 */
export function keyPages(groups, room, label) {
  const items = groups.flatMap(({ title, list }) => list.map((one, n) => ({ title, one, isFirst: n === 0 })));
  const high = (/** @type {{one: Numbered, isFirst: boolean}} */ { one, isFirst }) => Math.min(LABEL_LINES, room.keyLines(label(one.row))) * LABEL_EM + KEY_EM + (isFirst ? KEY_TITLE_EM : 0);
  // A page may begin in the middle of a group, whose title stands there again.
  return filled(items, high, room.high - KEY_TITLE_EM).map((page) => {
    const titles = [...new Set(page.map(({ title }) => title))];
    return titles.map((title) => ({ title, list: page.filter((item) => item.title === title).map(({ one }) => one) }));
  });
}

/**
 * Items in pages, none higher than there is room for.
 * @template T
 * @param {T[]} items
 * @param {(item: T) => number} high
 * @param {number} most
 * @returns {T[][]}
 */
function filled(items, high, most) {
  /** @type {T[][]} */
  const pages = [];
  let used = Infinity;
  for (const item of items) {
    const page = pages[pages.length - 1];
    if (!page || used + high(item) > most || page.length === MOST_ITEMS) {
      pages.push([item]);
      used = high(item);
    } else {
      page.push(item);
      used += high(item);
    }
  }
  return pages;
}
