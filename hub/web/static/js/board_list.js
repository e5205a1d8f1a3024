/**
 * The rows of a board, kept as the server shows them now.
 *
 * No row moves under the pointer, nor away from the keyboard, nor while the reader has scrolled: what would move waits
 * until they are done, and what is new waits behind a bar that says how much there is.
 */

const FADE_MS = 450;

/**
 * @typedef {object} Told  what the list says of itself
 * @property {(waiting: number) => void} waiting  so many new rows wait behind the bar
 * @property {(rows: HTMLElement[]) => void} arrived  new rows, shown or not yet
 * @property {() => void} emptied  the last row has gone
 */

export class BoardList {
  /**
   * @param {HTMLElement} board  the section
   * @param {string} changed  « A changé »
   * @param {Told} told
   */
  constructor(board, changed, told) {
    this.board = board;
    this.list = /** @type {HTMLElement} */ (board.querySelector('[data-part="list"]'));
    this.frame = /** @type {HTMLElement} */ (board.querySelector('[data-part="tickets"]'));
    this.changed = changed;
    this.told = told;
    this.under = false; // the pointer is over the rows
    /** @type {Map<string, HTMLElement>} */
    this.held = new Map();
    this.frame.addEventListener("pointerover", ({ pointerType }) => (this.under = pointerType === "mouse"));
    this.frame.addEventListener("pointerleave", () => this.#free());
    this.frame.addEventListener("focusout", () => setTimeout(() => this.settle()));
    this.scroller.addEventListener("scroll", () => this.settle(), { passive: true });
  }

  #free() {
    this.under = false;
    this.settle();
  }

  /** What scrolls the rows: their frame, or on a phone the whole page beside the bar. */
  get scroller() {
    const ownScroll = getComputedStyle(this.frame).overflowY !== "visible";
    return ownScroll ? this.frame : /** @type {HTMLElement} */ (this.board.closest('[data-part="desk"]'));
  }

  /** Whether somebody is reading or pointing here: then nothing may move. */
  get busy() {
    const above = this.scroller.getBoundingClientRect().top - this.frame.getBoundingClientRect().top;
    const scrolled = this.scroller === this.frame ? this.frame.scrollTop > 4 : above > 4;
    return this.under || scrolled || this.list.contains(document.activeElement);
  }

  /** @returns {HTMLElement[]} */
  get rows() {
    return /** @type {HTMLElement[]} */ ([...this.list.children]);
  }

  /** @param {string} number */
  row(number) {
    return this.rows.find((row) => row.dataset.number === number) ?? null;
  }

  /**
   * Rows as they are now, and numbers that the board does not show.
   * @param {HTMLElement[]} rows
   * @param {string[]} gone
   */
  apply(rows, gone) {
    const fresh = rows.filter((row) => !this.#replace(row) && this.#belongs(row));
    for (const row of fresh) {
      row.classList.add("ticket--arrived");
      this.held.set(String(row.dataset.number), row);
    }
    for (const number of gone) this.#goes(number);
    if (fresh.length) this.told.arrived(fresh);
    this.settle();
  }

  /** Let everything take its place, if nobody is hindered. */
  settle() {
    if (this.busy) this.told.waiting(this.held.size);
    else this.release();
  }

  /** Let everything take its place now. */
  release() {
    for (const row of this.rows) {
      if (row.dataset.gone) this.#leave(row);
      else if (row.dataset.moves) this.#move(row);
    }
    for (const row of this.held.values()) this.#place(row);
    this.held.clear();
    this.told.waiting(0);
  }

  /**
   * A row that is shown already stands in its place, as it is now.
   * @param {HTMLElement} fresh
   * @returns {boolean} whether there was one
   */
  #replace(fresh) {
    const row = this.row(String(fresh.dataset.number));
    if (!row) return false;
    const focus = row.contains(document.activeElement) ? focusIn(row) : "";
    if (fresh.dataset.order !== row.dataset.order) fresh.dataset.moves = "1";
    if (row.ariaCurrent) fresh.ariaCurrent = row.ariaCurrent;
    row.replaceWith(fresh);
    if (focus) /** @type {HTMLElement|null} */ (fresh.querySelector(focus))?.focus({ preventScroll: true });
    return true;
  }

  /**
   * Whether a new row stands on this page of the list, and not before or after it.
   * @param {HTMLElement} row
   */
  #belongs(row) {
    const place = this.rows.findIndex((other) => compare(row, other) < 0);
    if (place === -1) return this.board.dataset.more !== "1";
    return place > 0 || this.board.dataset.page === "1";
  }

  /** @param {HTMLElement} row */
  #place(row) {
    this.board.querySelector('[data-part="nothing"]')?.remove();
    this.list.hidden = false;
    this.list.insertBefore(row, this.rows.find((other) => compare(row, other) < 0) ?? null);
  }

  /** @param {HTMLElement} row */
  #move(row) {
    delete row.dataset.moves;
    row.remove();
    this.#place(row);
  }

  /** @param {string} number */
  #goes(number) {
    this.held.delete(number);
    const row = this.row(number);
    if (!row || row.dataset.gone) return;
    row.dataset.gone = "1";
    const mark = document.createElement("span");
    mark.className = "tag";
    mark.textContent = this.changed;
    row.querySelector('[data-slot="about"]')?.prepend(mark);
  }

  /** @param {HTMLElement} row */
  #leave(row) {
    row.classList.add("ticket--leaving");
    setTimeout(() => {
      row.remove();
      if (!this.list.children.length) this.told.emptied();
    }, FADE_MS);
  }
}

/**
 * Which of a row's two controls has the focus.
 * @param {HTMLElement} row
 */
function focusIn(row) {
  return row.querySelector("button")?.contains(document.activeElement) ? "button" : "a";
}

/**
 * Where two rows stand to each other, in the board's order.
 * @param {HTMLElement} one
 * @param {HTMLElement} other
 */
function compare(one, other) {
  const [mine, theirs] = [one, other].map((row) => JSON.parse(row.dataset.order ?? "[]"));
  const at = mine.findIndex((/** @type {number} */ part, /** @type {number} */ index) => part !== theirs[index]);
  return at === -1 ? 0 : mine[at] - theirs[at];
}
