/** A conversation's page: joins what the server wrote, what happens, what is written and what waits to be sent. */

import { live } from "./client.js";
import { Composer } from "./composer.js";
import { Mentions } from "./mentions.js";
import { Options } from "./options.js";
import { dataOf, fill, freshPage, renew, slot } from "./page.js";
import { ThreadView } from "./thread_view.js";
import { Times } from "./times.js";

const PAGE = 50;
const TYPING_LASTS_MS = 5_000;
const BANNER_AFTER_MS = 1_500; // a short absence is not worth a word
const READ_AFTER_MS = 150;
const SAID_FOR_MS = 6_000;
const READ_GROUP_AFTER_MS = 1_500; // in a group nobody waits to see it

const page = dataOf("thread");
const times = new Times(page.locale, page.zone, page.words);
const log = /** @type {HTMLElement} */ (document.querySelector("[data-log]"));
const view = new ThreadView(log, page, times);
const form = /** @type {HTMLFormElement|null} */ (document.querySelector("[data-composer]"));
const client = /** @type {NonNullable<typeof live>} */ (live);

const composer = form && new Composer(form, {
  person: page.me,
  draft: page.draft,
  upload: page.upload,
  times,
  words: page.words,
  send: (body, files, answers) => {
    if (page.around) setTimeout(() => location.assign(location.pathname), 400); // one's own words are at the end
    view.toEnd();
    return client.ask({ ask: "post", message: { conversation: page.conversation, body, files, reply_to: answers } });
  },
  typing: (on) => page.kind !== "live" && client.state === "online" && client.command(page.topic, "typing", { on }),
});

// What happens.

/** @param {import("./socket.js").Frame} frame */
function happened({ event, payload }) {
  if (event === "message.posted") arrived(payload);
  else if (event === "message.delivered") view.reached(payload.person, { delivered: payload.up_to });
  else if (event === "message.read") view.reached(payload.person, { read: payload.up_to, read_at: payload.at });
  else if (event === "typing") typing(payload);
  else if (event === "presence") present(payload);
  else if (event === "participants.changed") peopleChanged();
  else if (event === "message.changed") view.change(payload);
  else if (event === "message.removed") view.remove(payload);
  else if (event === "message.reacted") view.react(payload);
  else if (event === "message.pinned") renewParts("pinned", "about");
  else if (event === "group.renamed") renewParts("head", "about");
  else if (event === "rules.changed") rulesChanged(payload);
}

/** @param {...string} parts */
async function renewParts(...parts) {
  const fresh = await freshPage().catch(() => null);
  if (fresh) for (const part of parts) renew(fresh, part);
}

/** @param {{closed: boolean, slow_s: number}} rules */
function rulesChanged({ closed: over, slow_s: slow }) {
  page.closed = over;
  if (form) form.hidden = over;
  for (const notice of document.querySelectorAll("[data-closed]")) /** @type {HTMLElement} */ (notice).hidden = !over;
  const pace = form && slot(form, "pace");
  if (pace) pace.hidden = !slow;
  renewParts("head", "about");
}

/** @param {import("./thread_view.js").Message} message */
function arrived(message) {
  if (page.around) { // the page shows an earlier moment; the link in the arrival leads to the present one
    arrival.hidden = false;
    return;
  }
  const wasAtEnd = view.atEnd;
  if (!view.add(message)) return;
  if (message.author?.id === typist?.person) typing(null);
  if (wasAtEnd || message.author?.id === page.me) view.toEnd();
  else arrival.hidden = false;
  if (message.author?.id !== page.me) readSoon();
}

/** @type {{person: number, name: string}|null} */
let typist = null;
let typingTimer = 0;

/** @param {{person: number, name: string, on: boolean}|null} said */
function typing(said) {
  if (said?.person === page.me) return;
  clearTimeout(typingTimer);
  typist = said?.on ? said : null;
  view.typing(typist);
  if (typist) typingTimer = setTimeout(() => typing(null), TYPING_LASTS_MS);
}

/** @type {Set<number>} */
const here = new Set();

/** @param {{person: number, here: boolean}} said */
function present(said) {
  if (said.here) here.add(said.person);
  else here.delete(said.person);
  showPresence();
}

/** @param {{id: number, gone: boolean}} other */
function isHere(other) {
  return !other.gone && here.has(other.id);
}

function showPresence() {
  const someone = client.state === "online" && page.others.some(isHere);
  for (const element of document.querySelectorAll("[data-here]")) {
    /** @type {HTMLElement} */ (element).hidden = (element.getAttribute("data-here") === "yes") !== someone;
  }
}

async function peopleChanged() {
  const fresh = await freshPage().catch((error) => error);
  if (fresh instanceof Error) {
    if (fresh.message === "404") wasClosed(); // it was I who was taken out
    return;
  }
  page.others = dataOf("thread", fresh)?.others ?? page.others;
  for (const part of ["people", "head", "about", "privacy"]) renew(fresh, part);
  showPresence();
}

/** Too much was missed to be told one by one: show the latest anew. What is written or waits stays. */
async function startAnew() {
  try {
    const messages = await history("");
    const fresh = await freshPage();
    page.others = dataOf("thread", fresh)?.others ?? page.others;
    view.clear();
    view.addOlder(messages, messages.length === PAGE);
    view.toEnd();
    readSoon();
  } catch {
    setTimeout(startAnew, 3_000);
  }
}

// Older messages.

const { older } = view;
let loading = false;

/**
 * @param {string} before
 * @returns {Promise<import("./thread_view.js").Message[]>}
 */
async function history(before) {
  const response = await fetch(`${page.history}?limit=${PAGE}${before}`, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

async function loadOlder() {
  if (loading || older.hidden) return;
  loading = true;
  older.setAttribute("aria-busy", "true");
  try {
    const messages = await history(`&before=${view.firstSeq}`);
    view.addOlder(messages, messages.length === PAGE);
  } catch {
    // the link stays, to be tried again
  } finally {
    older.removeAttribute("aria-busy");
    loading = false;
  }
}

older.addEventListener("click", (event) => {
  event.preventDefault();
  loadOlder();
});
new IntersectionObserver(([entry]) => entry.isIntersecting && loadOlder(), {
  root: log, rootMargin: "300px 0px 0px 0px",
}).observe(older);

// Reading.

const arrival = /** @type {HTMLElement} */ (document.querySelector("[data-arrival]"));
let readTimer = 0;
let readUpTo = page.read;

/** The person reads what is at the end of a page that they look at. */
function readSoon() {
  clearTimeout(readTimer);
  if (page.kind === "live" || page.around) return;
  readTimer = setTimeout(read, page.kind === "group" ? READ_GROUP_AFTER_MS : READ_AFTER_MS);
}

async function read() {
  const looking = document.visibilityState === "visible" && document.hasFocus();
  if (!looking || !view.atEnd) return;
  arrival.hidden = true;
  const seq = view.lastSeq;
  if (seq <= readUpTo || client.state !== "online") return;
  readUpTo = seq;
  if (!(await client.command(page.topic, "message.read", { seq }))) readUpTo = 0;
}

log.addEventListener("scroll", () => view.atEnd && readSoon(), { passive: true });
addEventListener("focus", readSoon);
document.addEventListener("visibilitychange", readSoon);
arrival.addEventListener("click", () => {
  if (page.around) {
    location.assign(location.pathname);
    return;
  }
  view.toEnd();
  composer?.field.focus();
  readSoon();
});

// The connection, and what waits for it.

let bannerTimer = 0;

/** @param {string} shown  the banner's name, or nothing */
function showBanner(shown) {
  for (const banner of document.querySelectorAll("[data-banner]")) {
    /** @type {HTMLElement} */ (banner).hidden = banner.getAttribute("data-banner") !== shown;
  }
  if (view.atEnd) view.toEnd();
}

/** @param {string} state */
function stateChanged(state) {
  if (closed) return;
  if (state === "online" || state === "signed_out") {
    clearTimeout(bannerTimer);
    bannerTimer = 0;
    showBanner(state);
  } else if (state === "offline") showBanner("away");
  else bannerTimer ||= setTimeout(() => showBanner("away"), BANNER_AFTER_MS);
  if (state !== "online") {
    here.clear();
    typing(null);
  }
  showPresence();
  readSoon();
}

let closed = false;

function wasClosed() {
  closed = true;
  showBanner("closed");
  if (form) form.hidden = true;
}

/** @param {import("./store.js").Unsent[]} entries */
function showUnsent(entries) {
  const mine = entries.filter(({ conversation }) => conversation === page.conversation);
  view.showUnsent(mine, (element, entry) => {
    slot(element, "again")?.addEventListener("click", () => client.ask({ ask: "retry", key: entry.key }));
    slot(element, "change")?.addEventListener("click", () => {
      client.ask({ ask: "discard", key: entry.key });
      composer?.takeBack(entry.body, entry.files, view.quoteOf(entry.reply_to));
    });
  });
  if (view.atEnd) view.toEnd();
}

// What one may do with a message.

const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("[data-dialog]"));
const options = new Options(dialog, (seq) => composer?.answer(view.quoteOf(seq)), sayDone);

/** @param {string} sentence */
function sayDone(sentence) {
  const banner = /** @type {HTMLElement} */ (document.querySelector("[data-done]"));
  banner.hidden = !sentence;
  fill(banner, "done", sentence);
  setTimeout(() => (banner.hidden = true), SAID_FOR_MS);
}

log.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest?.(".msg__options, .msg__quote");
  if (!link) return;
  const quoted = link.matches(".msg__quote") ? Number(link.getAttribute("href")?.slice(2)) : 0;
  if (quoted && view.messages.has(quoted)) return; // it is on the page: the browser goes there
  event.preventDefault();
  if (quoted) location.assign(`${location.pathname}?autour=${quoted}#m${quoted}`);
  else options.open(/** @type {HTMLAnchorElement} */ (link).href);
});

log.addEventListener("submit", (event) => {
  const button = /** @type {HTMLButtonElement|null} */ (event.submitter);
  const message = button?.closest("[data-seq]");
  if (!button?.matches(".reaction") || !message) return;
  event.preventDefault();
  const seq = Number(message.getAttribute("data-seq"));
  const on = !view.hasMine(seq, button.value);
  client.request(page.topic, "message.react", { seq, sign: button.value, on }).catch(() => {});
});

const namable = form && slot(form, "mentions");
if (form && composer && namable && page.people) new Mentions(composer.field, namable, page.people);

// Its first message may have been a draft elsewhere.

async function forgetFirstDraft() {
  const keys = new Set([...document.querySelectorAll("[data-key]")].map((element) => element.getAttribute("data-key")));
  for (const name of page.begun_as) {
    const draft = await composer?.store.draft(name);
    if (draft?.key && keys.has(draft.key)) composer?.store.removeDraft(name);
  }
}

// The menu closes like one.

addEventListener("keydown", ({ key }) => key === "Escape" && closeMenus(null));
addEventListener("pointerdown", ({ target }) => closeMenus(/** @type {Node} */ (target)));

/** @param {Node|null} inside  a menu that stays open holds this */
function closeMenus(inside) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (inside && menu.contains(inside)) continue;
    menu.removeAttribute("open");
    if (!inside) menu.querySelector("summary")?.focus();
  }
}

forgetFirstDraft();
if (page.partial && !page.around) startAnew();
if (page.around) {
  view.atEnd = false;
  document.getElementById(`m${page.around}`)?.scrollIntoView({ block: "center" });
  document.getElementById(`m${page.around}`)?.classList.add("msg--found");
}
client.on("unsent", ({ entries }) => showUnsent(entries));
client.on("sent", ({ entry, posted }) => {
  if (entry.conversation !== page.conversation) return;
  view.sent(entry, posted);
  if (view.atEnd) view.toEnd();
});
client.on("state", ({ state }) => stateChanged(state));
client.read(page.topic, { seq: page.seq, epoch: page.epoch }, { event: happened, reset: startAnew, closed: wasClosed });
readSoon();
