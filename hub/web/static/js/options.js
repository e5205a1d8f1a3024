/** The options of a message open over the thread: the page that lists them, in a dialog. Its forms are sent from there. */

import { slot } from "./page.js";

export class Options {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {(seq: number) => void} answer  the person wants to answer that message
   * @param {(sentence: string) => void} done  what they asked for is done
   */
  constructor(dialog, answer, done) {
    this.dialog = dialog;
    this.done = done;
    this.answer = answer;
    this.content = /** @type {HTMLElement} */ (slot(dialog, "content"));
    slot(dialog, "close")?.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    this.content.addEventListener("click", (event) => this.#clicked(event));
    this.content.addEventListener("submit", (event) => this.#submit(event));
  }

  /**
   * @param {string} address
   * @returns {Promise<void>}
   */
  async open(address) {
    try {
      await this.#show(await fetch(address, { headers: { Accept: "text/html" } }));
    } catch {
      location.href = address;
      return;
    }
    if (!this.dialog.open) this.dialog.showModal();
  }

  /** @param {Response} response */
  async #show(response) {
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const part = page.querySelector('[data-part="options"]');
    if (!part) throw new Error(String(response.status));
    this.content.replaceChildren(...document.importNode(part, true).childNodes);
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const link = /** @type {HTMLElement|null} */ (/** @type {Element} */ (event.target).closest("[data-answer]"));
    if (!link) return;
    event.preventDefault();
    this.dialog.close();
    this.answer(Number(link.dataset.answer));
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    form.setAttribute("aria-busy", "true");
    try {
      const body = new FormData(form, event.submitter);
      // What is done comes back by the thread's own events; what is refused, in the answer.
      const address = form.getAttribute("action") ?? ""; // `form.action` is the field of that name
      const response = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!response.ok) return await this.#show(response);
      this.dialog.close();
      this.done((await response.json()).said);
    } catch {
      form.submit(); // the browser says what is wrong with the network
    } finally {
      form.removeAttribute("aria-busy");
    }
  }
}
