/** What waits for moderators lives: a new report comes by itself, and moves nothing that is being looked at. */

import { live } from "./client.js";
import { freshPage, renew } from "./page.js";

const RENEW_AFTER_MS = 400;

const list = () => /** @type {HTMLElement} */ (document.querySelector('[data-part="cases"]'));
const arrival = /** @type {HTMLElement} */ (document.querySelector("[data-arrival]"));
let renewTimer = 0;

function renewSoon() {
  clearTimeout(renewTimer);
  renewTimer = setTimeout(() => renewPage(), RENEW_AFTER_MS);
}

/** @param {boolean} [asked]  the person wants it now */
async function renewPage(asked = false) {
  const fresh = await freshPage().catch(() => null);
  if (!fresh) return;
  if (!document.querySelector('[data-part="tabs"]:focus-within')) renew(fresh, "tabs");
  showCount(fresh);
  if (!isNew(fresh)) return;
  arrival.hidden = asked || !isBusy();
  if (arrival.hidden) showCases(fresh);
}

/** Somebody points at the list, or stands in it: it stays still, and says that there is more. */
function isBusy() {
  return list().matches(":hover, :focus-within");
}

/** @param {Document} fresh */
function isNew(fresh) {
  return standing(fresh) !== standing(document);
}

/**
 * Which messages are there, in which order, reported how many times.
 * @param {Document} page
 */
function standing(page) {
  const cases = /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-case]"));
  return [...cases].map(({ dataset }) => `${dataset.case}:${dataset.reports}`).join();
}

/** @param {Document} fresh */
function showCount(fresh) {
  const now = fresh.querySelector("[data-to-moderate]");
  const shown = document.querySelector("[data-to-moderate]");
  if (now && shown) shown.replaceWith(document.importNode(now, true));
}

/**
 * What somebody has begun to fill in stays as it is, with what was typed.
 * @param {Document} fresh
 */
function showCases(fresh) {
  const begun = [...document.querySelectorAll("[data-case]")].filter(isBegun);
  if (begun.length && !fresh.querySelector("[data-case]")) return; // others have decided of all of them meanwhile
  renew(fresh, "cases");
  for (const one of begun.reverse()) {
    const same = document.querySelector(`[data-case="${one.getAttribute("data-case")}"]`);
    if (same) forms(same).replaceWith(forms(one));
    else list().querySelector("ol")?.prepend(one);
  }
}

/** @param {Element} one */
function forms(one) {
  return /** @type {Element} */ (one.querySelector("[data-forms]"));
}

/** @param {Element} one */
function isBegun(one) {
  return !!forms(one).querySelector("details[open]") || [...forms(one).querySelectorAll("input, select")].some(isTyped);
}

/** @param {Element} field */
function isTyped(field) {
  if (field instanceof HTMLSelectElement) {
    return field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
  }
  const input = /** @type {HTMLInputElement} */ (field);
  return input.value !== input.defaultValue || input.checked !== input.defaultChecked;
}

arrival.addEventListener("click", () => renewPage(true));

if (live) {
  live.read("inbox.me", live.settings.inbox, {
    event: ({ event, payload }) => event === "notification.added" && payload.kind === "moderation" && renewSoon(),
    reset: renewSoon,
  });
}
