/** The desk's board lives: rows come, change and go by themselves; filters and tickets open without leaving it. */

import { BoardList } from "./board_list.js";
import { BoardPanel } from "./board_panel.js";
import { obeyKeys } from "./board_keys.js";
import { live } from "./client.js";
import { rowOfFaces } from "./faces.js";
import { dataOf, fill, freshPage, say } from "./page.js";
import { viewers } from "./viewers.js";

const TOGETHER_MS = 250;

const page = dataOf("board");
const desk = /** @type {HTMLElement} */ (document.querySelector('[data-part="desk"]'));
/** @param {string} name */
const part = (name) => /** @type {HTMLElement} */ (desk.querySelector(`[data-part="${name}"]`));
const panel = new BoardPanel(/** @type {HTMLElement} */ (document.getElementById("panel")), page.url, {
  changed: panelChanged,
  board: address,
});
let list = listOf(part("board"));
let scrolled = 0; // how far the rows were scrolled when a ticket took their place

// The list.

/** @param {HTMLElement} board */
function listOf(board) {
  const bar = /** @type {HTMLElement} */ (board.querySelector('[data-part="arrival"]'));
  const made = new BoardList(board, page.words.changed, {
    waiting(count) {
      bar.hidden = count === 0;
      fill(bar, "words", count === 1 ? page.words.one_new : say(page.words.many_new, { count: String(count) }));
    },
    arrived: tellArrived,
    emptied: () => show(address(), { keep: true }),
  });
  bar.addEventListener("click", () => {
    const first = [...made.held.values()][0];
    made.release();
    made.scroller.scrollTop = 0;
    first?.querySelector("a")?.focus({ preventScroll: true });
  });
  return made;
}

/** @param {HTMLElement[]} rows */
function tellArrived(rows) {
  const title = rows[0].querySelector("a > span")?.textContent ?? "";
  if (rows.length === 1) tell(say(page.words.arrived, { title }));
  else tell(say(page.words.many_new, { count: String(rows.length) }));
}

/** @param {string} words  for who does not see the page */
function tell(words) {
  part("told").textContent = "";
  setTimeout(() => (part("told").textContent = words), 50);
}

/** The board's address, in the state in which it is. */
function address() {
  const { query, page: number } = part("board").dataset;
  return `${page.url}?${query}${number === "1" ? "" : `&page=${number}`}`;
}

// What happens.

/** @type {Set<string>} */
const numbers = new Set();
let timer = 0;
let asking = false;

/** @param {string} number */
function heardOf(number) {
  numbers.add(number);
  if (!timer && !asking) timer = setTimeout(ask, TOGETHER_MS);
}

/** The rows of what was told of, as this person may see them. */
async function ask() {
  timer = 0;
  if (numbers.size > page.most) {
    numbers.clear();
    show(address(), { keep: true });
    return;
  }
  asking = true;
  const asked = [...numbers];
  numbers.clear();
  const board = part("board");
  const url = `${page.lines}?${board.dataset.query}&numeros=${asked.join(",")}`;
  const fresh = await freshPage(url).catch(() => null);
  asking = false;
  if (fresh && board === part("board")) take(/** @type {HTMLElement} */ (fresh.querySelector('[data-part="lines"]')));
  if (numbers.size) timer = setTimeout(ask, TOGETHER_MS);
}

/** @param {HTMLElement} lines */
function take(lines) {
  const rows = [...lines.querySelectorAll("li")].map((row) => document.importNode(row, true));
  list.apply(rows, (lines.dataset.gone ?? "").split(" ").filter(Boolean));
  for (const count of lines.querySelectorAll("data")) {
    const tab = desk.querySelector(`[data-tab="${count.value}"]`);
    if (tab) fill(tab, "count", count.textContent ?? "");
  }
  const waiting = /** @type {HTMLElement|null} */ (document.querySelector("[data-waiting]"));
  if (waiting) waiting.hidden = lines.dataset.waiting === "0";
  if (waiting) fill(waiting, "number", lines.dataset.waiting ?? "");
  showViewers();
}

live?.read(page.topic, page.from, {
  event: ({ event, payload }) => event !== "viewing" && payload.number && heardOf(payload.number),
  reset: () => show(address(), { keep: true }),
});
live?.on("state", ({ state }) => {
  const mark = part("state");
  mark.hidden = false;
  mark.classList.toggle("live--lost", state !== "online");
  fill(mark, "words", { online: page.words.online, offline: page.words.offline }[state] ?? page.words.connecting);
});

// What a row says of days is true for one day.
const dayThere = () => new Date().toLocaleDateString("sv", { timeZone: page.zone });
let day = dayThere();
setInterval(() => {
  if (day === dayThere()) return;
  day = dayThere();
  show(address(), { keep: true });
}, 60_000);

// Another state of the board, without leaving the page.

/**
 * @param {string} url
 * @param {{keep?: boolean, push?: boolean}} [how]  `keep`: the same list, anew: the reader stays where they are
 */
async function show(url, { keep = false, push = !keep } = {}) {
  const asked = new URL(url, location.href);
  asked.searchParams.set("fragment", "1");
  if (panel.number) asked.searchParams.set("ouverte", panel.number);
  const fresh = await freshPage(asked.href).catch(() => null);
  const board = fresh?.querySelector('[data-part="board"]');
  if (!board) return void (keep || location.assign(url));
  const focus = focusKey(), focused = document.activeElement, place = list.scroller.scrollTop;
  const next = document.importNode(board, true), filters = part("board").querySelector(".filters");
  if (keep && filters) next.querySelector(".filters")?.replaceWith(filters); // somebody may be choosing there
  part("board").replaceWith(next);
  list = listOf(part("board"));
  list.scroller.scrollTop = keep ? place : 0;
  const again = keep && filters?.contains(focused) ? focused : focus && desk.querySelector(focus);
  if (again) /** @type {HTMLElement} */ (again).focus({ preventScroll: true });
  fillSearch();
  showViewers();
  if (push && !panel.number) history.pushState(null, "", address());
}

/** Where the focus is in the board, as something that the next board has too. */
function focusKey() {
  const focused = /** @type {HTMLElement|null} */ (document.activeElement);
  if (!focused || !part("board").contains(focused)) return "";
  const row = /** @type {HTMLElement|null} */ (focused.closest('[data-part="list"] > li'));
  if (row) return `[data-number="${row.dataset.number}"] ${focused.localName}`;
  const tab = /** @type {HTMLElement|null} */ (focused.closest("[data-tab]"));
  if (tab) return `[data-tab="${tab.dataset.tab}"]`;
  const menus = [...desk.querySelectorAll("details[data-menu]")];
  const menu = menus.findIndex((one) => one.contains(focused));
  return `details[data-menu]:nth-of-type(${Math.max(menu, 0) + 1}) > summary`;
}

/** The search keeps all other filters. */
function fillSearch() {
  const state = new URLSearchParams(part("board").dataset.query);
  const words = /** @type {HTMLInputElement} */ (part("search").querySelector('[name="q"]'));
  words.value = state.get("q") ?? "";
  state.delete("q");
  for (const old of part("search").querySelectorAll('[type="hidden"]')) old.remove();
  for (const [name, value] of state) {
    part("search").prepend(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
}

desk.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const back = /** @type {HTMLInputElement|null} */ (form.querySelector('[name="suite"]'));
  if (back) back.value = location.pathname + location.search;
  if (form.id === "marks") star(event);
  else if (form.getAttribute("action")?.endsWith("/favori/")) {
    const button = /** @type {HTMLButtonElement} */ (event.submitter); // the panel's own
    showStar(button.form?.getAttribute("action") ?? "", button.value === "1");
  }
  else if (form.matches("[data-board-form]")) {
    event.preventDefault();
    const given = [...new FormData(form, event.submitter)].filter(([, value]) => value !== "");
    show(`${page.url}?${new URLSearchParams(/** @type {[string, string][]} */ (given))}`);
  }
});

desk.addEventListener("click", (event) => {
  const link = /** @type {HTMLAnchorElement|null} */ (/** @type {Element} */ (event.target).closest("a[href]"));
  const elsewhere = event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (!link || elsewhere || event.defaultPrevented || link.target || link.origin !== location.origin) return;
  if (panel.numberOf(link.pathname)) {
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    if (!panel.number) scrolled = list.scroller.scrollTop;
    panel.open(link.href);
  } else if (link.pathname === page.url) {
    event.preventDefault();
    if (panel.aside.contains(link)) panel.close();
    else show(link.href);
  }
});

addEventListener("popstate", () => {
  if (panel.numberOf(location.pathname)) return void panel.open(location.href, { push: false });
  panel.close({ push: false });
  const wanted = new URLSearchParams(location.search);
  wanted.delete("page");
  if (wanted.toString() && wanted.toString() !== part("board").dataset.query) show(location.href, { push: false });
});

// A menu closes when one does something else.
document.addEventListener("pointerdown", ({ target }) => {
  for (const menu of desk.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(/** @type {Node} */ (target))) /** @type {HTMLDetailsElement} */ (menu).open = false;
  }
});

// Stars.

/** @param {SubmitEvent} event */
async function star(event) {
  event.preventDefault();
  const button = /** @type {HTMLButtonElement} */ (event.submitter);
  const body = new FormData(/** @type {HTMLFormElement} */ (event.target), button);
  const headers = { "X-Requested-With": "fetch" };
  const answer = await fetch(button.formAction, { method: "POST", body, headers }).catch(() => null);
  if (!answer?.ok) return tell(page.words.not_kept);
  const on = body.get("on") === "1";
  showStar(button.getAttribute("formaction") ?? "", on);
  tell(on ? page.words.starred : page.words.unstarred);
}

/**
 * On the row, and in the panel.
 * @param {string} action
 * @param {boolean} on
 */
function showStar(action, on) {
  for (const star of desk.querySelectorAll(`[formaction="${action}"], form[action="${action}"] button`)) {
    star.setAttribute("aria-pressed", String(on));
    /** @type {HTMLButtonElement} */ (star).value = on ? "0" : "1";
  }
}

// The open ticket, and who looks at which.

/** @param {string|null} number */
function panelChanged(number) {
  const before = list.rows.find((row) => row.ariaCurrent);
  for (const row of list.rows) row.ariaCurrent = row.dataset.number === number ? "true" : null;
  viewers?.open(number);
  if (number) {
    desk.scrollTop = 0;
    const heading = /** @type {HTMLElement|null} */ (panel.aside.querySelector("h2"));
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  } else {
    list.scroller.scrollTop = scrolled;
    before?.querySelector("a")?.focus({ preventScroll: true });
  }
}

function showViewers() {
  const { words } = page;
  for (const row of list.rows) {
    const looking = viewers?.of(String(row.dataset.number)) ?? [];
    const title = (/** @type {any} */ { person, name, writing }) =>
      person === page.me ? words.you : say(words[writing ? `writes_${writing}` : "reads"], { name });
    const says = looking.map(title).join(", ");
    const faces = rowOfFaces(looking, { size: "xs", most: 2, title, says });
    row.querySelector('[data-slot="viewers"]')?.replaceChildren(...faces);
  }
  const here = viewers?.here() ?? [];
  const names = here.map(({ name }) => name).join(", ");
  const says = say(here.length === 1 ? words.one_here : words.many_here, { count: String(here.length), names });
  part("colleagues").hidden = !here.length;
  const people = viewers?.of(panel.number ?? "").filter(({ person }) => person !== page.me);
  document.dispatchEvent(new CustomEvent("viewers", { detail: { number: panel.number, people } }));
  part("colleagues").replaceChildren(...rowOfFaces(here, { size: "sm", most: 4, title: ({ name }) => name, says }));
}

document.addEventListener("writing", (event) => {
  const { number, writing } = /** @type {CustomEvent} */ (event).detail;
  if (number === panel.number) viewers?.write(writing);
});
viewers?.changed(showViewers);
viewers?.open(panel.number);
obeyKeys(desk, () => panel.close());
