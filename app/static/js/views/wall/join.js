// The way in, large for the whole room and small in the corner: address, code and QR.

import { html } from "lit-html";
import { t } from "../../core/i18n.js";
import { page } from "../../core/session.js";

/** A code is read aloud: in two halves. */
export const joinCode = () => {
  const { code } = page.join;
  return code.length === 6 ? `${code.slice(0, 3)} ${code.slice(3)}` : code;
};

/** The address without what nobody types. */
export const joinPlace = () => new URL(page.join.url, location.href).host;

export const joinLarge = () => html`
  <div class="wall-join">
    <img class="wall-qr" src=${page.join.qr} alt=${t("QR code to join")} />
    <div class="wall-join-words">
      <p>${t("Scan, or open")}</p>
      <p class="wall-place">${joinPlace()}</p>
      <p>${t("and enter the code")}</p>
      <p class="wall-code code">${joinCode()}</p>
    </div>
  </div>`;
