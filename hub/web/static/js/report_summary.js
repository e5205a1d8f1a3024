/** What is about to be sent, part by part, each with a way back to it. */

import { copyOf, fill, say, slot } from "./page.js";

const OF_STEP = {
  what: ["kind", "question_"],
  words: ["description"],
  you: ["anonymous", "first_name", "last_name", "email", "phone", "wants_follow_ups", "public"],
};

export class Summary {
  /**
   * @param {HTMLFormElement} form
   * @param {DOMStringMap} words
   * @param {import("./report_files.js").ReportFiles} files
   * @param {(step: string) => void} open
   */
  constructor(form, words, files, open) {
    this.form = form;
    this.words = words;
    this.files = files;
    this.open = open;
  }

  show() {
    const place = /** @type {HTMLElement} */ (slot(this.form, "summary"));
    const steps = /** @type {HTMLElement[]} */ ([...this.form.querySelectorAll("[data-step]:not([data-step=check])")]);
    place.replaceChildren(...steps.map((step) => this.#part(step)));
  }

  /** @param {HTMLElement} step */
  #part(step) {
    const name = step.dataset.step ?? "";
    const part = copyOf("report-part");
    const legend = step.querySelector("legend");
    const title = legend?.lastChild?.textContent ?? "";
    fill(part, "title", title);
    fill(part, "which", title);
    slot(part, "change")?.addEventListener("click", () => this.open(name));
    const lines = /** @type {HTMLElement} */ (slot(part, "lines"));
    for (const [label, value] of this.#lines(step, name)) lines.append(line("dt", label), line("dd", value));
    return part;
  }

  /**
   * @param {HTMLElement} step
   * @param {string} name
   * @returns {Iterable<[string, string|Node]>}
   */
  #lines(step, name) {
    if (name === "place") return this.#place();
    if (name === "files") return [[this.words.photos ?? "", this.#files()]];
    return this.#fields(step, OF_STEP[/** @type {keyof typeof OF_STEP} */ (name)] ?? []);
  }

  /** @returns {[string, string][]} */
  #place() {
    const value = (/** @type {string} */ name) => String(new FormData(this.form).get(name) ?? "").trim();
    const [address, lat, lon] = ["address", "lat", "lon"].map(value);
    const [north, east] = [lat, lon].map((degrees) => {
      const number = Number.parseFloat(degrees.replace(",", "."));
      return number.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 5 });
    });
    const point = lat && lon ? say(this.words.point ?? "", { lat: north, lon: east }) : "";
    const said = [address, point].filter(Boolean);
    return [[this.words.address ?? "", said.join("\n") || (this.words.noPlace ?? "")]];
  }

  #files() {
    if (this.files.files.length === 0) return this.words.none ?? "";
    const thumbs = Object.assign(document.createElement("div"), { className: "report__thumbs" });
    const others = [];
    for (const file of this.files.files) {
      if (file.field !== "photos") others.push(file.name);
      else thumbs.append(Object.assign(new Image(), { src: this.files.pictureOf(file), alt: file.name }));
    }
    const all = document.createDocumentFragment();
    all.append(thumbs, others.join("\n"));
    return all;
  }

  /**
   * @param {HTMLElement} step
   * @param {string[]} names
   */
  *#fields(step, names) {
    const seen = new Set();
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (step.querySelectorAll("input, textarea"))) {
      if (seen.has(input.name) || !names.some((name) => input.name.startsWith(name))) continue;
      seen.add(input.name);
      if (input.disabled || input.closest("[hidden]:not(fieldset)")) continue;
      const label = input.closest(".field")?.querySelector(".label, .check > span")?.firstChild?.textContent?.trim() ?? "";
      const value = this.#value(input);
      if (value) yield /** @type {[string, string]} */ ([label, value]);
    }
  }

  /** @param {HTMLInputElement} input */
  #value(input) {
    if (input.type === "checkbox" && input.name === "anonymous" && !input.checked) return "";
    if (input.type === "checkbox") return input.checked ? this.words.yes : this.words.no;
    if (input.type !== "radio") return input.value.trim();
    const chosen = /** @type {HTMLInputElement|null} */ (this.form.querySelector(`[name="${input.name}"]:checked`));
    return chosen?.parentElement?.textContent?.trim() ?? "";
  }
}

/**
 * @param {"dt"|"dd"} tag
 * @param {string|Node} content
 */
function line(tag, content) {
  const element = document.createElement(tag);
  element.append(content);
  return element;
}
