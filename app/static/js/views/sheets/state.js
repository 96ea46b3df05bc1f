/** The sheets' page: which sheet lies open, and what the person may do with it. */

import { signal } from "@preact/signals-core";
import { you } from "../../core/session.js";
import { may } from "./may.js";

/** @import {Sheet} from "../../core/records.js" */

const fromAddress = () => decodeURIComponent(location.hash.slice(1));

/** The id of the open sheet; "" for the list, "coverage" for the grid, "desk" for the rapporteur's. It stands in the address, so that the way back works. */
export const open = signal(fromAddress());
addEventListener("hashchange", () => (open.value = fromAddress()));

/** @param {string} id */
export function show(id) {
  location.hash = encodeURIComponent(id);
  open.value = id;
}

/** A scribe's sheets are those of the own table. @param {Sheet} sheet */
const isOwn = (sheet) => you.value.role !== "scribe" || sheet.table === you.value.table;

/** Whether this person may report what became of it. @param {Sheet} sheet */
export const mayReport = (sheet) => sheet.state !== "dropped" && may("sheet.progress") && isOwn(sheet);

/** Whether this person may write on a sheet now. @param {Sheet} sheet */
export const mayFill = (sheet) => sheet.state === "draft" && may("sheet.fill") && isOwn(sheet);
