/** « C’est déjà signalé »: what is near the chosen point, and following it without leaving the form. */

import { copyOf, fill, slot } from "./page.js";
import { tokenOf } from "./report_drafts.js";

const AFTER_MS = 400;

/** @param {HTMLFormElement} form */
export function watchNear(form) {
  const place = /** @type {HTMLElement} */ (slot(form, "near"));
  const said = /** @type {HTMLElement} */ (slot(form, "near-said"));
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let soon;
  let asked = "";
  const look = async () => {
    const [lat, lon] = ["lat", "lon"].map((name) => /** @type {HTMLInputElement} */ (form.querySelector(`[name="${name}"]`)).value);
    const point = `${lat} ${lon}`;
    if (!lat || !lon || point === asked) return;
    asked = point;
    const url = new URL(form.dataset.near ?? "", location.href);
    url.searchParams.set("lat", lat);
    url.searchParams.set("lon", lon);
    try {
      const response = await fetch(url);
      if (!response.ok || asked !== point) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      place.replaceChildren(...[...page.body.childNodes].map((node) => document.importNode(node, true)));
      said.textContent = "";
    } catch {
      asked = ""; // without a network nobody knows
    }
  };
  for (const kind of ["change", "input"]) {
    form.addEventListener(kind, () => {
      clearTimeout(soon);
      soon = setTimeout(look, AFTER_MS);
    });
  }
  place.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-follow]") : null;
    if (!button) return;
    event.preventDefault();
    follow(form, /** @type {HTMLButtonElement} */ (button), said);
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} said
 */
async function follow(form, button, said) {
  button.setAttribute("aria-busy", "true");
  const body = new FormData();
  body.append(...tokenOf(form));
  try {
    const response = await fetch(button.formAction, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(String(response.status));
    const { message } = await response.json();
    const following = copyOf("report-following");
    fill(following, "words", message);
    following.tabIndex = -1;
    button.replaceWith(following);
    following.focus();
  } catch {
    button.removeAttribute("aria-busy");
    said.textContent = form.dataset.failed ?? "";
  }
}
