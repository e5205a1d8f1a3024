/**
 * What a town tells its people of dangers, at the top of the page: put there as it is told, renewed by a further word,
 * taken away when it is no longer news. The server has written what stood there when the page was made.
 */

import { copyOf, fill, slot } from "./page.js";

const HOUR_MS = 3_600_000;
const SHOWN_MS = 24 * HOUR_MS;
const END_SHOWN_MS = 6 * HOUR_MS;
const LOOK_EVERY_MS = 60_000;

/**
 * @typedef {object} Alarm  as the town's topic tells it
 * @property {number} id
 * @property {number|null} [about]  the first word, of which this is a further one
 * @property {"alert"|"update"|"end"} purpose
 * @property {boolean} emergency
 * @property {boolean} exercise
 * @property {Record<string, string>} plain  the title by language
 * @property {string} path
 */

/** @returns {HTMLElement[]} */
function banners() {
  return [...document.querySelectorAll("[data-alarm]")].map((element) => /** @type {HTMLElement} */ (element));
}

/**
 * @param {string} slug  of the town that speaks
 * @param {Alarm} alarm
 */
export function hearAlarm(slug, alarm) {
  const place = document.querySelector(`[data-alarms="${CSS.escape(slug)}"]`);
  if (!place || alarm.exercise) return;
  const about = String(alarm.about ?? alarm.id);
  const former = banners().filter((one) => one.dataset.alarm === about);
  const emergency = alarm.emergency || former.some((one) => one.classList.contains("alarm--urgent"));
  const kind = alarm.purpose === "end" ? "end" : emergency ? "urgent" : "calm";
  const banner = copyOf(`alarm-${kind}`);
  banner.dataset.alarm = about;
  banner.dataset.until = new Date(Date.now() + (kind === "end" ? END_SHOWN_MS : SHOWN_MS)).toISOString();
  const language = document.documentElement.lang.slice(0, 2);
  fill(banner, "title", alarm.plain[language] ?? alarm.plain.fr ?? "");
  slot(banner, "title")?.setAttribute("href", alarm.path);
  for (const one of former) one.remove();
  place.querySelector(kind === "urgent" ? "[data-alarms-urgent]" : "[data-alarms-calm]")?.prepend(banner);
}

/** Take away what has stood long enough. */
function look() {
  for (const one of banners()) if (Date.parse(one.dataset.until ?? "") < Date.now()) one.remove();
}

if (document.querySelector("[data-alarms]")) setInterval(look, LOOK_EVERY_MS);
