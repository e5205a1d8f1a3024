/**
 * A ticket's page lives: what the town does and says shows up by itself, and is told to screen readers. Without a
 * connection it is the page that it was; a reload brings the rest.
 */

import { live } from "./client.js";
import { dataOf, freshPage, renew, say } from "./page.js";
import { Answer } from "./ticket_answer.js";

const RENEW_AFTER_MS = 150; // one act of the town is often two events
const AGAIN_AFTER_MS = 5_000;

/** @type {{topic: string|null, from: {seq: number, epoch: string}|null, fragment: string, person: number, draft: string, words: Record<string, string>}} */
const page = dataOf("ticket");
const form = /** @type {HTMLFormElement|null} */ (document.querySelector("[data-answer]"));
const news = /** @type {HTMLElement} */ (document.querySelector('[data-slot="news"]'));

let online = false;
let timer = 0;
let answered = false; // the town wrote, since the page was last renewed
let own = false; // what comes next is what was sent from here

/** @param {string} name */
const part = (name) => /** @type {HTMLElement} */ (document.querySelector(`[data-part="${name}"]`));

function showLive() {
  const mark = /** @type {HTMLElement|null} */ (document.querySelector('[data-slot="live"]'));
  if (mark) mark.hidden = !online;
}

/** @param {number} [after] */
function renewSoon(after = RENEW_AFTER_MS) {
  clearTimeout(timer);
  timer = setTimeout(renewPage, after);
}

async function renewPage() {
  if (document.hidden) return; // nobody looks, and what is shown counts as read
  const fresh = await freshPage(page.fragment).catch(() => null);
  if (!fresh?.querySelector('[data-part="state"]')) {
    if (online) renewSoon(AGAIN_AFTER_MS);
    return;
  }
  const [known, state] = [new Set(steps().map(({ id }) => id)), part("state").dataset.state];
  const focused = document.activeElement;
  const link = part("steps").contains(focused) ? focused?.getAttribute("href") : null;
  for (const name of ["state", "steps"]) renew(fresh, name);
  if (!part("settle").contains(focused)) renew(fresh, "settle");
  if (link) /** @type {HTMLElement|null} */ (part("steps").querySelector(`a[href="${CSS.escape(link)}"]`))?.focus();
  for (const step of steps()) if (!known.has(step.id)) step.classList.add("timeline__step--new");
  showLive();
  tell(state);
}

function steps() {
  return [...part("steps").querySelectorAll("li[id]")];
}

/** @param {string|undefined} before  the word for where it stood */
function tell(before) {
  const after = part("state").dataset.state ?? "";
  const said = [];
  if (answered) said.push(page.words.answered);
  if (after !== before) said.push(say(page.words.changed, { state: after }));
  if (!said.length && own) said.push(page.words.sent);
  answered = own = false;
  news.textContent = said.join(" ");
}

if (form) {
  const answer = new Answer(form, {
    person: page.person,
    draft: page.draft,
    words: page.words,
    sent: () => {
      own = true;
      news.textContent = page.words.sent;
      renewSoon(0);
    },
  });
  const open = () => location.hash === "#repondre" && answer.open();
  addEventListener("hashchange", open);
  addEventListener("load", open); // before that, nothing can be focused yet
}

if (live && page.topic && page.from) {
  let closed = false;
  live.read(page.topic, page.from, {
    event: ({ event, payload }) => {
      if (event === "follow_up.added" && payload.author.side === "town") answered = true;
      if (event === "follow_up.added" || event === "ticket.changed") renewSoon();
    },
    reset: () => renewSoon(),
    closed: () => {
      closed = true;
      online = false;
      showLive();
    },
  });
  live.on("state", ({ state }) => {
    online = state === "online" && !closed;
    showLive();
  });
  document.addEventListener("visibilitychange", () => document.hidden || renewSoon(0));
}
