/** How far an alert is, live: figures as they are told, the rest a moment later; stopping is asked once. */

import { live } from "./client.js";
import { dataOf, fill, renew, say } from "./page.js";

const ANEW_AFTER_MS = 3_000;
const PARTS = ["state", "figures", "cards", "missed", "stop", "failures", "journal"];

/** @typedef {Record<string, number>} Row */
/** @typedef {{status: string, total: number, reached: number, by_channel: Record<string, Row>}} Progress */

const page = dataOf("progress");
const written = new Intl.NumberFormat(document.documentElement.lang);
/** @param {string} name */
const part = (name) => /** @type {HTMLElement|null} */ (document.querySelector(`[data-part="${name}"]`));
let status = page.status;
let timer = 0;
let asked = 0;

/** @param {Progress} told */
function show(told) {
  const figures = part("figures");
  if (figures) showPeople(figures, told);
  for (const [channel, row] of Object.entries(told.by_channel)) showMeans(channel, row);
  const ended = told.status !== status;
  status = told.status;
  anew(ended ? 0 : ANEW_AFTER_MS);
}

/**
 * @param {HTMLElement} figures
 * @param {Progress} told
 */
function showPeople(figures, { total, reached }) {
  const lost = Math.min(Number(figures.dataset.lost), total - reached);
  const going = total - reached - lost;
  const tenths = total ? Math.floor((reached * 1000) / total) / 10 : 0;
  const share = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 1 });
  for (const name of ["reached", "reached-too"]) fill(figures, name, written.format(reached));
  fill(figures, "total", written.format(total));
  fill(figures, "going", written.format(going));
  fill(figures, "lost", written.format(lost));
  fill(figures, "share", total ? share.format(tenths / 100) : "–");
  draw(figures, total, reached, going);
}

/**
 * @param {string} channel
 * @param {Row} row
 */
function showMeans(channel, row) {
  const card = document.querySelector(`[data-channel="${channel}"]`);
  if (!card) return;
  const total = Object.values(row).reduce((sum, number) => sum + number, 0);
  const there = row.delivered + (page.taken.includes(channel) ? row.sent : 0);
  const failed = row.failed + row.suppressed;
  const going = total - there - failed;
  fill(card, "there", written.format(there));
  fill(card, "of", written.format(total));
  const rest = [];
  if (going) rest.push(say(page.words[channel === "voice" ? "calling" : "going"], { count: written.format(going) }));
  if (failed) rest.push(say(page.words[failed === 1 ? "failure" : "failures"], { count: written.format(failed) }));
  fill(card, "rest", rest.join(", "));
  draw(card, total, there, going);
}

/**
 * @param {Element} where
 * @param {number} total
 * @param {number} there
 * @param {number} going
 */
function draw(where, total, there, going) {
  const widths = total ? [there, going, total - there - going].map((number) => (number * 100) / total) : [0, 0, 0];
  let x = 0;
  where.querySelectorAll("[data-bar] rect").forEach((rect, at) => {
    rect.setAttribute("x", `${x}%`);
    rect.setAttribute("width", `${widths[at]}%`);
    x += widths[at];
  });
}

// Who was not reached, why, and the journal: as the server says, now and then.

/** @param {number} after_ms */
function anew(after_ms) {
  if (timer && after_ms) return;
  clearTimeout(timer);
  timer = setTimeout(ask, Math.max(after_ms, asked + 1_000 - Date.now()));
}

async function ask() {
  timer = 0;
  asked = Date.now();
  const headers = { "X-Requested-With": "fetch" };
  const answer = await fetch(location.pathname, { headers }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const name of PARTS) {
    const mine = part(name);
    const busy = mine?.contains(document.activeElement) || mine?.querySelector("details[open]");
    if (mine && !fresh.querySelector(`[data-part="${name}"]`)) mine.remove(); // nothing is left to stop
    else if (!busy) renew(fresh, name);
  }
  since();
}

live?.read(page.topic, page.from, {
  event: ({ event, payload }) => event === "alert.progress" && show(payload),
  reset: () => anew(0),
});

// For how long it has been leaving.

function since() {
  for (const timer of document.querySelectorAll("[data-since]")) {
    const minutes = Math.floor((Date.now() - Date.parse(/** @type {HTMLElement} */ (timer).dataset.since ?? "")) / 60_000);
    const { just, since: lately, hours } = page.words;
    timer.textContent =
      minutes < 1 ? just : minutes < 90 ? say(lately, { minutes: String(minutes) }) : say(hours, { hours: String(Math.round(minutes / 60)) });
  }
}
since();
setInterval(since, 20_000);

// Asked once; the harmless answer has the focus.

const dialog = /** @type {HTMLDialogElement|null} */ (part("ask"));
document.addEventListener("click", (event) => {
  const pressed = /** @type {Element} */ (event.target).closest("[data-slot]");
  if (!dialog || event.ctrlKey || event.metaKey) return;
  if (pressed?.matches('[data-slot="stop"]')) {
    event.preventDefault();
    dialog.showModal();
  } else if (pressed?.matches('[data-slot="go-on"]')) {
    event.preventDefault();
    dialog.close();
  }
});
