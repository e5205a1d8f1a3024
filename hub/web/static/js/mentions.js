/** « @ » in a group: who takes part is offered as one types (ARIA: a list beside a text field). */

import { copyOf } from "./page.js";

const NAME_BEFORE = /(^|[\s(«])@([\p{L}'’-]{0,30}(?: [\p{L}'’-]{0,30})?)$/u;
const ASK_AFTER_MS = 120;

export class Mentions {
  /**
   * @param {HTMLTextAreaElement} field
   * @param {HTMLElement} list  the listbox
   * @param {string} address  answers `[{id, name}]` to `?q=`
   */
  constructor(field, list, address) {
    this.field = field;
    this.list = list;
    this.address = address;
    this.chosen = 0;
    this.timer = 0;
    this.asked = 0;
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    field.addEventListener("input", () => this.#look());
    field.addEventListener("keydown", (event) => this.#key(event), { capture: true });
    field.addEventListener("blur", () => setTimeout(() => this.#close(), 150));
    list.addEventListener("pointerdown", (event) => this.#pressed(event));
  }

  /** The letters after the « @ » that the cursor stands behind; null when there is none. */
  #begun() {
    const before = this.field.value.slice(0, this.field.selectionStart);
    return NAME_BEFORE.exec(before)?.[2] ?? null;
  }

  #look() {
    clearTimeout(this.timer);
    const begun = this.#begun();
    if (begun === null) this.#close();
    else this.timer = setTimeout(() => this.#ask(begun), ASK_AFTER_MS);
  }

  /** @param {string} begun */
  async #ask(begun) {
    const number = ++this.asked;
    const first = begun.split(" ")[0];
    const response = await fetch(`${this.address}?q=${encodeURIComponent(first)}`).catch(() => null);
    if (!response?.ok || number !== this.asked || this.#begun() === null) return;
    /** @type {{id: number, name: string}[]} */
    const people = await response.json();
    const wanted = begun.toLocaleLowerCase();
    this.#show(people.filter(({ name }) => name.toLocaleLowerCase().includes(wanted)));
  }

  /** @param {{id: number, name: string}[]} people */
  #show(people) {
    const rows = people.map(({ id, name }) => {
      const row = copyOf("mention");
      row.id = `mention-${id}`;
      row.textContent = name;
      return row;
    });
    this.list.replaceChildren(...rows);
    this.list.hidden = !rows.length;
    this.#choose(0);
  }

  /** @param {number} at */
  #choose(at) {
    const rows = [...this.list.children];
    if (!rows.length || this.list.hidden) return this.field.removeAttribute("aria-activedescendant");
    this.chosen = (at + rows.length) % rows.length;
    rows.forEach((row, index) => row.setAttribute("aria-selected", String(index === this.chosen)));
    rows[this.chosen].scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", rows[this.chosen].id);
  }

  #close() {
    this.asked++;
    this.list.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.list.hidden) return;
    if (event.key === "ArrowDown") this.#choose(this.chosen + 1);
    else if (event.key === "ArrowUp") this.#choose(this.chosen - 1);
    else if (event.key === "Enter" || event.key === "Tab") this.#take(this.list.children[this.chosen]);
    else if (event.key === "Escape") this.#close();
    else return;
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  #pressed(event) {
    const row = /** @type {Element} */ (event.target).closest("[role=option]");
    if (!row) return;
    event.preventDefault();
    this.#take(row);
  }

  /** @param {Element|undefined} row */
  #take(row) {
    const begun = this.#begun();
    if (!row || begun === null) return;
    const end = this.field.selectionStart;
    this.field.setRangeText(`${row.textContent} `, end - begun.length, end, "end");
    this.#close();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.#close();
  }
}
