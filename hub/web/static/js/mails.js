/**
 * Mails that came in: their list, and on the board the count beside their entry, follow what comes and what colleagues
 * decide. What is being looked at stays where it is.
 */

import { live } from "./client.js";
import { dataOf, freshPage, renew } from "./page.js";

const RENEW_AFTER_MS = 400;

const desk = dataOf("mails") ?? dataOf("board");
const count = () => /** @type {HTMLElement|null} */ (document.querySelector("[data-mails]"));
const list = () => document.querySelector('[data-part="mails"]');
const arrival = /** @type {HTMLElement|null} */ (document.querySelector("[data-arrival]"));
let timer = 0;

function renewSoon() {
  clearTimeout(timer);
  timer = window.setTimeout(() => renewPage(), RENEW_AFTER_MS);
}

/** @param {boolean} [asked]  the person wants it now */
async function renewPage(asked = false) {
  const address = list() ? location.href : (count()?.closest("a")?.href ?? "");
  const fresh = await freshPage(address).catch(() => null);
  const told = fresh?.querySelector("[data-mails]");
  if (!fresh || !told) return;
  count()?.replaceWith(document.importNode(told, true));
  if (!list() || !arrival) return;
  if (!document.querySelector('[data-part="tabs"]:focus-within')) renew(fresh, "tabs");
  if (standing(fresh) === standing(document)) return;
  arrival.hidden = asked || !isBusy();
  if (arrival.hidden) renew(fresh, "mails");
}

/** Somebody points at the list, stands in it, or reads a whole text there. */
function isBusy() {
  return list()?.matches(":hover, :focus-within, :has(details[open])");
}

/**
 * Which mails are there, in which order.
 * @param {Document} page
 */
function standing(page) {
  return [...page.querySelectorAll("[data-mail]")].map((one) => one.getAttribute("data-mail")).join();
}

arrival?.addEventListener("click", () => renewPage(true));

if (count()) {
  live?.read(desk.topic, desk.from, {
    event: ({ event }) => event === "mails.changed" && renewSoon(),
    reset: renewSoon,
  });
}
