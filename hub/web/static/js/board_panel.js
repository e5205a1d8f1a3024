/**
 * An open ticket beside the board: its page's own panel, put there without leaving the board.
 *
 * The document hears of it: a `panel` event, whose detail is `{number, element}`; number is null when it was closed.
 */

import { freshPage } from "./page.js";

export class BoardPanel {
  /**
   * @param {HTMLElement} aside
   * @param {string} base  the board's address, under which tickets have theirs
   * @param {object} on
   * @param {(number: string|null) => void} on.changed
   * @param {() => string} on.board  the board's address as it is now
   */
  constructor(aside, base, on) {
    this.aside = aside;
    this.base = base;
    this.on = on;
    this.number = this.numberOf(location.pathname);
    this.latest = 0; // of several asked for at once, the last one stays
  }

  /**
   * The ticket's number in an address of its page; null for any other.
   * @param {string} path
   */
  numberOf(path) {
    const rest = path.startsWith(this.base) ? path.slice(this.base.length) : "";
    return /^[A-Z0-9]+-\d+\/$/.test(rest) ? rest.slice(0, -1) : null;
  }

  /**
   * @param {string} address  of the ticket's page
   * @param {{push?: boolean}} [how]
   */
  async open(address, { push = true } = {}) {
    const mine = ++this.latest;
    const url = new URL(address, location.href);
    const asked = new URL(url);
    asked.searchParams.set("fragment", "1");
    this.aside.ariaBusy = "true";
    const fresh = await freshPage(asked.href).catch(() => null);
    if (mine !== this.latest) return;
    this.aside.ariaBusy = null;
    if (!fresh) return void location.assign(url);
    if (push) history.pushState(null, "", url);
    this.#show([...document.importNode(fresh.body, true).childNodes], this.numberOf(url.pathname));
  }

  /** @param {{push?: boolean}} [how] */
  close({ push = true } = {}) {
    if (!this.number) return;
    this.latest += 1;
    if (push) history.pushState(null, "", this.on.board());
    this.#show([], null);
  }

  /**
   * @param {Node[]} inside
   * @param {string|null} number
   */
  #show(inside, number) {
    this.number = number;
    this.aside.replaceChildren(...inside);
    this.aside.hidden = !number;
    this.aside.scrollTop = 0;
    this.on.changed(number);
    document.dispatchEvent(new CustomEvent("panel", { detail: { number, element: number ? this.aside : null } }));
  }
}
