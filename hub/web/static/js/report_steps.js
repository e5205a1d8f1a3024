/** One step at a time: where one is, back and next at the foot, the browser's own « back » too. */

import { say, slot } from "./page.js";

export class Steps {
  /**
   * @param {HTMLFormElement} form
   * @param {{passes: (step: HTMLElement) => boolean, shown: (name: string) => void, finish: () => void}} told
   */
  constructor(form, told) {
    this.form = form;
    this.told = told;
    this.steps = /** @type {HTMLElement[]} */ ([...form.querySelectorAll("[data-step]")]);
    this.at = 0;
    form.classList.add("report--steps");
    this.back = /** @type {HTMLButtonElement} */ (slot(form, "back"));
    this.go = /** @type {HTMLButtonElement} */ (slot(form, "go"));
    const progress = /** @type {HTMLProgressElement} */ (slot(form, "progress"));
    progress.hidden = false;
    progress.max = this.steps.length;
    this.progress = progress;
    this.steps.forEach((step, index) => this.#name(step, index));
    this.back.addEventListener("click", () => history.back());
    addEventListener("popstate", ({ state }) => this.#show(state?.step ?? 0, { focus: true }));
  }

  /**
   * @param {HTMLElement} step
   * @param {number} index
   */
  #name(step, index) {
    const fields = { n: String(index + 1), total: String(this.steps.length) };
    const count = slot(step, "count");
    if (count) count.textContent = say(this.form.dataset.stepOf ?? "", fields);
    step.querySelector("legend")?.setAttribute("tabindex", "-1");
  }

  /** @returns {string} */
  get name() {
    return this.steps[this.at].dataset.step ?? "";
  }

  /**
   * Begin there, without a trace in the history but those of the steps before it.
   * @param {string} name
   */
  begin(name) {
    const index = Math.max(0, this.steps.findIndex((step) => step.dataset.step === name));
    history.replaceState({ step: 0 }, "");
    for (let step = 1; step <= index; step += 1) history.pushState({ step }, "");
    this.#show(index, { focus: false });
  }

  /** Next, or the end. */
  next() {
    if (!this.told.passes(this.steps[this.at])) return;
    if (this.at === this.steps.length - 1) {
      this.told.finish();
      return;
    }
    this.#enter(this.at + 1);
  }

  /** @param {string} name */
  open(name) {
    this.#enter(this.steps.findIndex((step) => step.dataset.step === name));
  }

  /** @returns {boolean} whether all steps have what they need; else the first that hasn't is shown */
  complete() {
    const wrong = this.steps.findIndex((step) => !this.told.passes(step));
    if (wrong < 0) return true;
    this.#enter(wrong);
    this.told.passes(this.steps[wrong]);
    return false;
  }

  /** @param {number} index */
  #enter(index) {
    if (index < 0) return;
    if (index !== this.at) history.pushState({ step: index }, "");
    this.#show(index, { focus: true });
  }

  /**
   * @param {number} index
   * @param {{focus: boolean}} how
   */
  #show(index, { focus }) {
    this.at = Math.min(index, this.steps.length - 1);
    this.steps.forEach((step, other) => (step.hidden = other !== this.at));
    const last = this.at === this.steps.length - 1;
    this.back.hidden = this.at === 0;
    this.go.textContent = (last ? this.form.dataset.send : this.form.dataset.next) ?? "";
    this.progress.value = this.at + 1;
    this.told.shown(this.name);
    if (!focus) return;
    const legend = /** @type {HTMLElement|null} */ (this.steps[this.at].querySelector("legend"));
    scrollTo({ top: 0 });
    legend?.focus({ preventScroll: true });
  }
}
