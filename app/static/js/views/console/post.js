// The few requests that go by HTTP: the door and practice. JSON both ways, with the page's CSRF token.

import { page } from "../../core/session.js";

/**
 * @param {string} url
 * @returns {Promise<unknown>} the answer's JSON; throws when the server says no or cannot be reached
 */
export async function getJson(url) {
  return read(await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" }));
}

/**
 * @param {string} url
 * @param {Record<string, unknown>} body
 * @returns {Promise<unknown>}
 */
export async function postJson(url, body) {
  return read(
    await fetch(url, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": page.csrf },
      body: JSON.stringify(body),
    }),
  );
}

/** The server did not do it, and says why to the person. */
export class Refused extends Error {}

/** @param {Response} response */
async function read(response) {
  if (response.status === 409) throw new Refused(String((await response.json()).error));
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const kind = response.headers.get("Content-Type") ?? "";
  return kind.includes("json") ? response.json() : { url: response.redirected ? response.url : undefined };
}
