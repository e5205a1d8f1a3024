/** The list of conversations lives: what is new moves up, counts follow. */

import { live } from "./client.js";
import { dataOf, fill, freshPage, renew, say, slot } from "./page.js";
import { Times } from "./times.js";

const RENEW_AFTER_MS = 400;

const page = dataOf("inbox");
const times = new Times(page.locale, page.zone, page.words);
const list = () => /** @type {HTMLElement} */ (document.querySelector('[data-part="inbox"]'));
let renewTimer = 0;

/**
 * @typedef {object} Change
 * @property {number} id
 * @property {number} seq
 * @property {number} unread
 * @property {string} excerpt
 * @property {number|null} author
 * @property {string} at
 * @property {boolean} waiting
 */

/** @param {Change} change */
function changed(change) {
  const row = /** @type {HTMLElement|null} */ (list().querySelector(`[data-conversation="${change.id}"]`));
  const sameFilters = row?.dataset.waiting === String(change.waiting) && (row.dataset.news === "0") === !change.unread;
  const somethingNew = row?.dataset.seq !== String(change.seq) || row.dataset.news !== String(change.unread);
  if (row) showRow(row, change);
  if (!sameFilters || !somethingNew) renewSoon(); // filters, their counts and who is in are the server's to tell
}

/**
 * @param {HTMLElement} row
 * @param {Change} change
 */
function showRow(row, change) {
  const mine = change.author === page.me;
  fill(row, "last", mine ? say(page.words.mine, { text: change.excerpt }) : change.excerpt);
  const time = row.querySelector("time");
  if (time) Object.assign(time, { dateTime: change.at, textContent: times.brief(new Date(change.at)) });
  const isNew = change.at > (row.dataset.at ?? "");
  Object.assign(row.dataset, { at: change.at, seq: String(change.seq) });
  showUnread(row, change.unread);
  if (isNew) moveUp(row);
}

/**
 * @param {HTMLElement} row
 * @param {number} unread
 */
function showUnread(row, unread) {
  row.dataset.news = String(unread);
  row.classList.toggle("unread", unread > 0);
  const count = slot(row, "unread");
  if (!count) return;
  count.hidden = unread === 0;
  const number = count.firstChild;
  if (number) number.textContent = String(unread);
}

/**
 * The latest comes first; but no row moves under the pointer, nor away from the keyboard.
 * @param {HTMLElement} row
 */
function moveUp(row) {
  const inbox = row.parentElement;
  if (!inbox || inbox.firstElementChild === row) return;
  if (inbox.matches(":hover") || inbox.contains(document.activeElement)) {
    inbox.addEventListener("pointerleave", () => inbox.prepend(row), { once: true });
    return;
  }
  inbox.prepend(row);
}

function renewSoon() {
  clearTimeout(renewTimer);
  renewTimer = setTimeout(renewList, RENEW_AFTER_MS);
}

async function renewList() {
  if (list().matches(":hover, :focus-within")) {
    renewSoon();
    return;
  }
  const fresh = await freshPage(page.address).catch(() => null);
  if (!fresh) return;
  const scrolled = list().scrollTop;
  for (const part of ["chips", "inbox"]) renew(fresh, part);
  list().scrollTop = scrolled;
  tellDelivered();
}

/** What waited on the server has now reached this device. */
function tellDelivered() {
  for (const row of list().querySelectorAll("[data-conversation]")) {
    const { conversation, seq, news, delivered } = /** @type {HTMLElement} */ (row).dataset;
    if (news !== "0" && Number(delivered) < Number(seq) && Number(conversation) !== page.open) {
      live?.command("inbox.me", "message.delivered", { conversation: Number(conversation), seq: Number(seq) });
    }
  }
}

/**
 * A group's own event: its row says so. Groups tell nobody by name; whoever shows one counts.
 * @param {number} id
 * @param {{seq: number, author: {id: number}|null, body: string, at: string, attachments: {name: string}[]}} message
 */
function saidInGroup(id, message) {
  const row = /** @type {HTMLElement|null} */ (list().querySelector(`[data-conversation="${id}"]`));
  if (!row || !message.author) return renewSoon();
  const mine = message.author.id === page.me;
  const unread = mine || id === page.open ? 0 : Number(row.dataset.news) + 1;
  const words = message.body.replace(/\s+/g, " ") || (message.attachments[0]?.name ?? "");
  const { seq, at } = message;
  showRow(row, { id, seq, unread, excerpt: words, author: message.author.id, at, waiting: false });
}

/** @param {{id: number, unread: number}} read  a group, on this page or another */
function groupRead({ id, unread }) {
  const row = /** @type {HTMLElement|null} */ (list().querySelector(`[data-conversation="${id}"]`));
  if (row) showUnread(row, unread);
}

if (live) {
  for (const [topic, from] of Object.entries(page.groups)) {
    const id = Number(topic.split(".")[1]);
    live.read(topic, from, {
      event: ({ event, payload }) => {
        if (event === "message.posted") saidInGroup(id, payload);
        else if (event === "message.removed" || event === "message.changed") renewSoon();
      },
      reset: renewSoon,
    });
  }
  live.read("inbox.me", live.settings.inbox, {
    event: ({ event, payload }) => {
      if (event === "conversation.changed") changed(payload);
      else if (event === "group.read") groupRead(payload);
    },
    reset: renewSoon,
  });
  let told = false;
  live.on("state", ({ state }) => {
    if (state !== "online" || told) return;
    told = true;
    tellDelivered();
  });
}
