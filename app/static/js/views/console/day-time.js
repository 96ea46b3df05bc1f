// A time of day as the agenda keeps it, "09:05": read from what people type, and moved on. No browser's own field: that follows
// the language of the machine, and a French page on an English laptop would say "01:54 PM".

const TYPED = /^(\d{1,2})\s*[:.h]?\s*(\d{2})?$/i;

/** @param {string} typed 9, 9:05, 9h05, 905 or 0905 @returns {string} empty when it is no time of a day */
export function readTime(typed) {
  const [, hours = "", minutes = "00"] = TYPED.exec(typed.trim()) ?? [];
  return hours && Number(hours) < 24 && Number(minutes) < 60 ? `${hours.padStart(2, "0")}:${minutes}` : "";
}

/** @param {string} time @param {number} minutes */
export function later(time, minutes) {
  const [hours = 0, past = 0] = time.split(":").map(Number);
  const all = (hours * 60 + past + minutes) % (24 * 60);
  return `${String(Math.floor(all / 60)).padStart(2, "0")}:${String(all % 60).padStart(2, "0")}`;
}
