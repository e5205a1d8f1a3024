/**
 * On every page: keeps two counts live, and hears what towns tell of dangers. Unread messages stand in the navigation;
 * unread notifications in the bell and in the tab's title.
 */

import { hearAlarm } from "./alarms.js";
import { BellCount } from "./bell_count.js";
import { live } from "./client.js";
import { dataOf, freshPage } from "./page.js";

const ANEW_AFTER_MS = 300;

const plainTitle = document.title;
let anewTimer = 0;
let heard = 0; // the number of the inbox's last event

/**
 * @param {string} name  of the places: `[data-…]`
 * @param {number} count
 */
function show(name, count) {
  for (const element of document.querySelectorAll(`[data-${name}]`)) {
    const number = element.firstChild;
    if (number) number.textContent = String(count);
    /** @type {HTMLElement} */ (element).hidden = count === 0;
  }
}

/** @param {number} count */
function ring(count) {
  show("notifications", count);
  for (const bell of document.querySelectorAll("[data-bell]")) {
    bell.setAttribute("aria-label", (bell.getAttribute("aria-label") ?? "").replace(/\d+/, String(count)));
  }
  document.title = count ? `(${count}) ${plainTitle}` : plainTitle;
}

/** @param {Record<string, {seq: number}>} towns */
function numbersOf(towns) {
  return Object.fromEntries(Object.entries(towns).map(([slug, { seq }]) => [slug, seq]));
}

if (live) {
  const { person, kinds, inbox, towns, unread, notifications } = live.settings;
  const bell = new BellCount(person, kinds);
  bell.take(notifications, numbersOf(towns));
  ring(bell.total);
  show("unread", unread);

  const countAnew = async () => {
    const fresh = dataOf("live", await freshPage());
    if (!fresh) return;
    if (fresh.inbox.seq < heard) return countAnewSoon(); // the page was made before what came since
    show("unread", fresh.unread);
    bell.kinds = fresh.kinds;
    bell.towns = {};
    bell.take(fresh.notifications, numbersOf(fresh.towns));
    ring(bell.total);
  };
  const countAnewSoon = () => {
    clearTimeout(anewTimer);
    anewTimer = setTimeout(() => countAnew().catch(() => {}), ANEW_AFTER_MS);
  };

  live.read("inbox.me", inbox, {
    event: ({ event, seq, payload }) => {
      heard = seq ?? heard;
      if (event === "conversation.changed") show("unread", payload.total_unread);
      if (event === "preferences.changed") bell.kinds = payload.kinds;
      if (!event.startsWith("notification")) return;
      if (bell.take(payload.unread, payload.towns)) ring(bell.total);
      else countAnewSoon();
    },
    reset: () => {
      heard = 0; // numbers may have begun anew
      countAnewSoon();
    },
  });

  for (const [slug, standing] of Object.entries(towns)) {
    live.read(`town.${slug}`, standing, {
      event: ({ event, seq, payload }) => {
        if (event === "alert.published") hearAlarm(slug, payload);
        if (event !== "notification.added" || seq === undefined) return;
        bell.hear(slug, seq, payload);
        ring(bell.total);
      },
      reset: countAnewSoon,
    });
  }
}
