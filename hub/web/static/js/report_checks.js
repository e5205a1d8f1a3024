/** What a step needs before the next one: said in words at the field, the first of which gets the focus. */

import { copyOf, fill } from "./page.js";

let made = 0;

/**
 * Take away what was said at a field.
 * @param {Element} field
 */
export function clear(field) {
  field.classList.remove("field--error");
  for (const said of field.querySelectorAll(".error")) said.remove();
  for (const input of field.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    const before = input.getAttribute("data-described");
    if (before === null) continue;
    if (before) input.setAttribute("aria-describedby", before);
    else input.removeAttribute("aria-describedby");
  }
}

/**
 * @param {HTMLElement} input
 * @param {string} sentence
 */
export function tell(input, sentence) {
  const field = input.closest(".place") ?? input.closest(".field");
  if (!field) return;
  clear(field);
  const error = copyOf("field-error");
  error.id = `said-${(made += 1)}`;
  fill(error, "words", sentence);
  field.classList.add("field--error");
  field.append(error);
  const before = input.dataset.described ?? input.getAttribute("aria-describedby") ?? "";
  input.dataset.described = before;
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", `${before} ${error.id}`.trim());
}

export class Checks {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    form.noValidate = true;
    form.addEventListener("input", ({ target }) => {
      const field = target instanceof Element ? (target.closest(".place") ?? target.closest(".field")) : null;
      if (field?.classList.contains("field--error")) clear(field);
    });
  }

  /** @param {string} name */
  #input(name) {
    return /** @type {HTMLInputElement} */ (this.form.querySelector(`[name="${name}"]`));
  }

  /** @param {string} name */
  #words(name) {
    return this.#input(name)?.value.trim() ?? "";
  }

  /**
   * @param {HTMLElement} step
   * @returns {boolean} whether one may go on; else the first fault has the focus
   */
  passes(step) {
    const faults = [...this.#unanswered(step), ...this.#ofStep(step.dataset.step ?? "")];
    for (const [input, sentence] of faults) tell(input, sentence);
    faults[0]?.[0].focus();
    return faults.length === 0;
  }

  /**
   * @param {HTMLElement} step
   * @returns {[HTMLElement, string][]}
   */
  #unanswered(step) {
    /** @type {[HTMLElement, string][]} */
    const found = [];
    const seen = new Set();
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (step.querySelectorAll("[data-needed]"))) {
      if (!input.dataset.needed || seen.has(input.name)) continue;
      seen.add(input.name);
      const given = new FormData(this.form).get(input.name);
      if (!String(given ?? "").trim()) found.push([input, input.dataset.needed]);
    }
    return found;
  }

  /**
   * @param {string} step
   * @returns {[HTMLElement, string][]}
   */
  #ofStep(step) {
    if (step === "place") return this.#place();
    return step === "you" && !this.#input("anonymous").checked ? this.#contact() : [];
  }

  /** @returns {[HTMLElement, string][]} */
  #place() {
    const said = this.#words("address") || (this.#words("lat") && this.#words("lon"));
    if (said || this.#input("no_place").checked) return [];
    return [[this.#input("address"), this.form.dataset.needPlace ?? ""]];
  }

  /** @returns {[HTMLElement, string][]} */
  #contact() {
    const words = this.form.dataset;
    /** @type {[HTMLElement, string][]} */
    const found = [];
    const email = this.#words("email");
    if (!this.#words("first_name") && !this.#words("last_name")) found.push([this.#input("last_name"), words.needName ?? ""]);
    if (email && !this.#input("email").validity.valid) found.push([this.#input("email"), words.wrongEmail ?? ""]);
    else if (!email && this.#input("wants_follow_ups").checked) found.push([this.#input("email"), words.needEmail ?? ""]);
    else if (!email && !this.#words("phone")) found.push([this.#input("email"), words.needContact ?? ""]);
    return found;
  }
}
