/** What stands on a message besides its words: what it answers, signs of others, that it was changed, its options. */

import { copyOf, fill, slot } from "./page.js";

/** @typedef {{sign: string, count: number, mine: boolean}} Reacted */

/**
 * @typedef {object} Message  as events and the API give it
 * @property {number} id
 * @property {number} seq
 * @property {string} key
 * @property {{id: number, name: string, part: string}|null} author
 * @property {string} body
 * @property {string} at
 * @property {import("./store.js").FileRef[]} attachments
 * @property {{code: string, name: string}|null} system
 * @property {import("./store.js").Answered|null} [reply_to]
 * @property {number[]} [mentions]
 * @property {boolean} [automatic]
 * @property {string|null} [edited_at]
 * @property {string} [removal]  why it is not shown any more
 * @property {Reacted[]} [reactions]
 */

/**
 * @typedef {object} Marked  what the page says of a conversation
 * @property {number} me
 * @property {string} kind
 * @property {string} options  the address of message number 0's options
 * @property {Record<string, string>} signs  by name
 * @property {any} words
 */

/**
 * @param {HTMLElement} element
 * @param {Message} message
 * @param {Marked} page
 */
export function mark(element, message, page) {
  const { reply_to: quote, mentions = [], automatic, edited_at: edited, reactions = [] } = message;
  keep(element, "quote", !!quote);
  if (quote) {
    slot(element, "quote")?.setAttribute("href", `#m${quote.seq}`);
    fill(element, "quoted", quote.author);
    fill(element, "excerpt", quote.excerpt);
  }
  const named = mentions.includes(page.me);
  element.classList.toggle("msg--named", named);
  keep(element, "named", named);
  keep(element, "automatic", !!automatic);
  keep(element, "edited", !!edited);
  lead(element, message.seq, page);
  showReactions(element, reactions, page);
}

/**
 * What isn't there isn't in the page either: nobody's reader should find it.
 * @param {HTMLElement} element
 * @param {string} name
 * @param {boolean} wanted
 */
function keep(element, name, wanted) {
  const place = slot(element, name);
  if (!wanted) place?.remove();
  else if (place) place.hidden = false;
}

/**
 * Let the link to the options lead to this message's.
 * @param {HTMLElement} element
 * @param {number} seq
 * @param {Marked} page
 */
export function lead(element, seq, page) {
  slot(element, "options")?.setAttribute("href", optionsOf(seq, page));
}

/**
 * @param {number} seq
 * @param {Marked} page
 */
export function optionsOf(seq, page) {
  return page.options.replace(/0\/$/, `${seq}/`);
}

/**
 * @param {HTMLElement} element
 * @param {Reacted[]} reactions
 * @param {Marked} page
 */
function showReactions(element, reactions, page) {
  const place = slot(element, "reactions");
  if (!place) return;
  place.replaceChildren(...reactions.filter(({ count }) => count).map((one) => chip(one, page)));
  place.hidden = !place.childElementCount;
}

/**
 * @param {Reacted} one
 * @param {Marked} page
 */
function chip({ sign, count, mine }, page) {
  const button = /** @type {HTMLButtonElement} */ (copyOf("reaction"));
  button.value = sign;
  button.setAttribute("aria-pressed", String(mine));
  button.setAttribute("aria-label", `${page.words.reactions[sign]}, ${count}`);
  fill(button, "sign", page.signs[sign]);
  fill(button, "count", String(count));
  return button;
}

/**
 * Somebody put a sign on a message, or took it off.
 * @param {HTMLElement} element
 * @param {{sign: string, person: number, on: boolean, count: number}} change
 * @param {Marked} page
 */
export function reacted(element, { sign, person, on, count }, page) {
  const known = reactionsOf(element).filter((one) => one.sign !== sign);
  const mine = person === page.me ? on : isMine(element, sign);
  const order = Object.keys(page.signs);
  const all = [...known, { sign, count, mine }].sort((a, b) => order.indexOf(a.sign) - order.indexOf(b.sign));
  showReactions(element, all, page);
}

/** @param {HTMLElement} element */
function reactionsOf(element) {
  return [...element.querySelectorAll(".reaction")].map((button) => ({
    sign: /** @type {HTMLButtonElement} */ (button).value,
    count: Number(slot(button, "count")?.textContent),
    mine: button.getAttribute("aria-pressed") === "true",
  }));
}

/**
 * Whether the reader has put this sign there.
 * @param {HTMLElement} element
 * @param {string} sign
 */
export function isMine(element, sign) {
  return reactionsOf(element).some((one) => one.sign === sign && one.mine);
}
