/** « Nouvelle requête »: the requester is found as one types, questions come with the category, Ctrl + Enter creates. */

import { say, slot } from "./page.js";

const AFTER_MS = 180;
const FIELDS = ["first_name", "last_name", "email", "phone"];

/** @typedef {{name: string, details: string, requester: number|null, first_name: string, last_name: string, email: string, phone: string, address: string}} Found */

const form = /** @type {HTMLFormElement} */ (document.querySelector("form.new-ticket"));

/** @param {string} name */
const field = (name) => /** @type {HTMLInputElement|null} */ (form.elements.namedItem(name));

/** Who is on the phone: a combobox (WAI-ARIA APG), whose choice fills the fields below. */
class Finder {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.input = /** @type {HTMLInputElement} */ (root.querySelector("[role=combobox]"));
    this.list = /** @type {HTMLElement} */ (root.querySelector("[role=listbox]"));
    this.said = /** @type {HTMLElement} */ (slot(root, "chosen"));
    /** @type {Found[]} */
    this.people = [];
    this.at = -1;
    this.timer = 0;
    this.asked = 0;
    root.hidden = false;
    this.input.addEventListener("input", () => this.#soon());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.#close(), 150));
    this.list.addEventListener("mousedown", (event) => this.#pressed(event));
    for (const name of FIELDS) field(name)?.addEventListener("input", () => this.#unbind());
  }

  #soon() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#ask(), AFTER_MS);
  }

  async #ask() {
    const text = this.input.value.trim();
    const number = ++this.asked;
    if (text.length < 2) return this.#close();
    const address = `${form.dataset.requesters}?q=${encodeURIComponent(text)}`;
    const response = await fetch(address).catch(() => null);
    if (!response?.ok || number !== this.asked) return;
    this.people = (await response.json()).people;
    this.#draw();
  }

  #draw() {
    this.list.replaceChildren(...this.people.map((one, index) => this.#option(one, index)));
    this.at = this.people.length ? 0 : -1;
    this.list.hidden = !this.people.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.said.textContent = this.people.length ? "" : (this.said.dataset.none ?? "");
    this.#mark();
  }

  /**
   * @param {Found} one
   * @param {number} index
   */
  #option(one, index) {
    const option = document.createElement("li");
    option.id = `found-${index}`;
    option.className = "finder__one";
    option.role = "option";
    option.dataset.index = String(index);
    const details = document.createElement("small");
    details.textContent = one.details;
    option.append(one.name, details);
    return option;
  }

  #mark() {
    [...this.list.children].forEach((one, index) => one.setAttribute("aria-selected", String(index === this.at)));
    if (this.at < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `found-${this.at}`);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape") return this.#close();
    if (this.list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.at = (this.at + step + this.people.length) % this.people.length;
      this.#mark();
    } else if (event.key === "Enter" && !event.ctrlKey && this.at >= 0) {
      event.preventDefault();
      this.#choose(this.people[this.at]);
    }
  }

  /** @param {MouseEvent} event */
  #pressed(event) {
    const option = /** @type {HTMLElement} */ (event.target).closest("li");
    if (option) this.#choose(this.people[Number(option.dataset.index)]);
  }

  /** @param {Found} one */
  #choose(one) {
    for (const name of FIELDS) {
      const place = field(name);
      if (place) place.value = String(one[/** @type {keyof Found} */ (name)] ?? "");
    }
    const address = field("address");
    if (address && !address.value && one.address) address.value = one.address;
    const requester = field("requester");
    if (requester) requester.value = one.requester ? String(one.requester) : "";
    const wants = field("wants_follow_ups");
    if (wants) wants.checked = Boolean(one.email);
    this.said.textContent = one.requester ? say(this.said.dataset.chosen ?? "", { name: one.name }) : "";
    this.#close();
    field("description")?.focus();
  }

  /** What was chosen is corrected by hand: it is no longer that person's record. */
  #unbind() {
    const requester = field("requester");
    if (requester) requester.value = "";
    this.said.textContent = "";
  }

  #close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.at = -1;
    this.#mark();
  }
}

/** The questions of the category that was chosen; what was answered already stays. */
async function askQuestions() {
  const place = form.querySelector('[data-part="questions"]');
  const category = field("category")?.value ?? "";
  if (!place) return;
  const response = await fetch(`${form.dataset.questions}?category=${encodeURIComponent(category)}`).catch(() => null);
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const same = (/** @type {ParentNode} */ root) => [...root.querySelectorAll("[name]")].map((one) => one.getAttribute("name")).join();
  if (same(fresh.body) !== same(place)) place.replaceChildren(...[...fresh.body.childNodes].map((node) => document.importNode(node, true)));
}

if (form) {
  const finder = /** @type {HTMLElement|null} */ (form.querySelector(".finder"));
  if (finder) new Finder(finder);
  field("category")?.addEventListener("change", askQuestions);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
}
