/**
 * Groups and live chats as cards: how many messages, when the last was, how many wait follow by themselves; a new
 * group, a closed one, the door of a live chat come from the server, once nobody is using that part of the page.
 */

import { live } from "./client.js";
import { dataOf, fill, freshPage, renew, say, slot } from "./page.js";
import { Times } from "./times.js";

const RENEW_AFTER_MS = 400;
const AIMING_MS = 2_000; // a pointer that has rested so long on a link is not about to press it
const PARTS = ["live-chat", "groups", "live-form"];

/** @typedef {{seq: number, epoch: string}} Standing */
/** @typedef {{seq: number, at: string, author: {id: number}|null}} Said */

const page = dataOf("groups");
const plural = new Intl.PluralRules(document.documentElement.lang || "fr");
/** @type {Record<string, Times>} */
const times = {};
/** @type {Set<string>} */
const read = new Set();
/** @type {Set<string>} */
const outdated = new Set();
let timer = 0;
let pointerMovedAt = 0;

/** @param {string} name */
const part = (name) => /** @type {HTMLElement|null} */ (document.querySelector(`[data-part="${name}"]`));

/** @param {string} topic */
const cardOf = (topic) => /** @type {HTMLElement|null} */ (document.querySelector(`[data-group="${topic}"]`));

/**
 * Somebody wrote. The card may know of it: it can be younger than the number from which the topic is read.
 * @param {string} topic
 * @param {Said} said
 */
function posted(topic, { seq, at, author }) {
  const card = cardOf(topic);
  if (!card || !author || seq <= Number(card.dataset.seq)) return;
  const posts = Number(card.dataset.posts) + 1;
  Object.assign(card.dataset, { seq: String(seq), posts: String(posts) });
  const { locale, clock } = timesOf(card.dataset.town ?? "");
  const sentence = page.words[plural.select(posts) === "one" ? "one" : "many"];
  fill(card, "posts", say(sentence, { count: posts.toLocaleString(locale) }));
  fill(card, "last", say(page.words.last, { time: clock(new Date(at)) }));
  if (author.id !== page.me) showNews(card, Number(card.dataset.news) + 1);
}

/** @param {string} slug */
function timesOf(slug) {
  const { locale, zone } = page.towns[slug];
  times[slug] ??= new Times(locale, zone, page.words);
  return { locale, clock: (/** @type {Date} */ at) => times[slug].clock(at) };
}

/**
 * @param {HTMLElement} card
 * @param {number} news
 */
function showNews(card, news) {
  const count = slot(card, "news");
  card.dataset.news = String(news);
  if (!count) return;
  count.hidden = news === 0;
  if (count.firstChild) count.firstChild.textContent = String(news);
}

// What the server shows otherwise now.

function renewSoon() {
  for (const name of PARTS) if (part(name)) outdated.add(name);
  wait();
}

function wait() {
  clearTimeout(timer);
  timer = setTimeout(renewParts, RENEW_AFTER_MS);
}

/**
 * Nothing moves under the pointer, away from the keyboard, or with words half typed.
 * @param {string} name
 */
function inUse(name) {
  const shown = part(name);
  const fields = [...(shown?.querySelectorAll("input, textarea") ?? [])];
  const typed = fields.some((field) => {
    const { value, defaultValue } = /** @type {HTMLInputElement} */ (field);
    return value !== defaultValue;
  });
  return typed || Boolean(shown?.matches(":hover, :focus-within")) || (name === "live-chat" && isAiming());
}

/** Whether somebody is about to press what a door that comes in above would push away. */
function isAiming() {
  const aimed = document.querySelector(":is(main, .aside) :is(a, button, summary):hover");
  return aimed !== null && performance.now() - pointerMovedAt < AIMING_MS;
}

async function renewParts() {
  const free = [...outdated].filter((name) => !inUse(name));
  for (const name of free) outdated.delete(name);
  const fresh = free.length ? await freshPage(page.address).catch(() => null) : null;
  if (fresh) {
    for (const name of free) renew(fresh, name);
    const { topics, towns } = dataOf("groups", fresh);
    Object.assign(page.towns, towns);
    readAll(topics);
  }
  if (outdated.size) wait();
}

/** @param {Record<string, Standing>} topics  of the groups that the reader is in */
function readAll(topics) {
  for (const [topic, standing] of Object.entries(topics)) {
    if (read.has(topic)) continue;
    read.add(topic);
    live?.read(topic, standing, {
      event: ({ event, payload }) => {
        if (event === "message.posted") posted(topic, payload);
        if (event === "rules.changed") renewSoon();
      },
      reset: renewSoon,
      closed: renewSoon,
    });
  }
}

if (live) {
  addEventListener("pointermove", () => (pointerMovedAt = performance.now()), { passive: true });
  readAll(page.topics);
  for (const [slug, standing] of Object.entries(live.settings.towns)) {
    live.read(`town.${slug}`, standing, {
      event: ({ event, payload }) => {
        if (event === "live.changed" || payload.kind === "new_group") renewSoon();
      },
      reset: renewSoon,
    });
  }
  live.read("inbox.me", live.settings.inbox, {
    event: ({ event, payload }) => {
      const card = event === "group.read" ? cardOf(`conversation.${payload.id}`) : null;
      if (card) showNews(card, payload.unread);
    },
    reset: renewSoon,
  });
}
