/**
 * Mails and SMS that came in: their lists, and on the board the counts beside their entries, follow what comes and what
 * colleagues decide. What is being looked at stays where it is.
 */

import { live } from "./client.js";
import { dataOf, freshPage, renew } from "./page.js";

const RENEW_AFTER_MS = 400;
/** @type {Record<string, string>} */
const KINDS = { "mails.changed": "mail", "sms.changed": "sms" };

const desk = dataOf("received") ?? dataOf("board");
/** @param {string} kind */
const count = (kind) => /** @type {HTMLElement|null} */ (document.querySelector(`[data-received="${kind}"]`));
/** @param {string} kind */
const list = (kind) => document.querySelector(`[data-part="${kind}"]`);
const arrival = /** @type {HTMLElement|null} */ (document.querySelector("[data-arrival]"));
const shown = Object.values(KINDS).find((kind) => list(kind));
/** @type {Record<string, number>} */
const timers = {};

/** @param {string} kind */
function renewSoon(kind) {
  if (!count(kind)) return;
  clearTimeout(timers[kind]);
  timers[kind] = window.setTimeout(() => renewPage(kind), RENEW_AFTER_MS);
}

/**
 * @param {string} kind
 * @param {boolean} [asked]  the person wants it now
 */
async function renewPage(kind, asked = false) {
  const address = list(kind) ? location.href : (count(kind)?.closest("a")?.href ?? "");
  const fresh = await freshPage(address).catch(() => null);
  const told = fresh?.querySelector(`[data-received="${kind}"]`);
  if (!fresh || !told) return;
  count(kind)?.replaceWith(document.importNode(told, true));
  if (!list(kind) || !arrival) return;
  if (!document.querySelector('[data-part="tabs"]:focus-within')) renew(fresh, "tabs");
  if (standing(fresh) === standing(document)) return;
  arrival.hidden = asked || !isBusy(kind);
  if (arrival.hidden) renew(fresh, kind);
}

/**
 * Somebody points at the list, stands in it, or reads a whole text there.
 * @param {string} kind
 */
function isBusy(kind) {
  return list(kind)?.matches(":hover, :focus-within, :has(details[open])");
}

/**
 * Which ones are there, in which order.
 * @param {Document} page
 */
function standing(page) {
  return [...page.querySelectorAll("[data-one]")].map((one) => one.getAttribute("data-one")).join();
}

if (shown) arrival?.addEventListener("click", () => renewPage(shown, true));

if (Object.values(KINDS).some(count)) {
  live?.read(desk.topic, desk.from, {
    event: ({ event }) => KINDS[event] && renewSoon(KINDS[event]),
    reset: () => Object.values(KINDS).forEach(renewSoon),
  });
}
