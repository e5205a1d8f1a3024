/**
 * The answer to the town: its words are kept in this browser at each stroke, and leave once. Without a network they
 * wait here, and go out under the same key when it is back; a page that is opened later sends them, too.
 */

import { fill, slot } from "./page.js";
import { Store } from "./store.js";

const AGAIN_AFTER_MS = 10_000;

export class Answer {
  /**
   * @param {HTMLFormElement} form
   * @param {object} parts
   * @param {number} parts.person  whose browser store keeps the words
   * @param {string} parts.draft  the draft's name
   * @param {Record<string, string>} parts.words
   * @param {() => void} parts.sent  the town has it
   */
  constructor(form, { person, draft, words, sent }) {
    this.form = form;
    this.draft = draft;
    this.words = words;
    this.sent = sent;
    this.store = new Store(person);
    this.field = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("body"));
    this.files = /** @type {HTMLInputElement} */ (form.elements.namedItem("files"));
    this.key = /** @type {HTMLInputElement} */ (form.elements.namedItem("key"));
    this.waiting = false; // sent by the person, and not taken yet
    this.sending = false;
    this.timer = 0;
    this.field.addEventListener("input", () => this.#wrote());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    addEventListener("online", () => this.waiting && this.#send());
    this.#restore();
  }

  /** Unfold the form, and begin to write. */
  open() {
    const fold = this.form.closest("details");
    if (fold) fold.open = true;
    this.field.focus();
  }

  async #restore() {
    const kept = await this.store.draft(this.draft);
    if (!kept || this.field.value) return;
    this.field.value = kept.body;
    if (kept.key) this.key.value = kept.key; // it may have arrived already: the same key is the same answer
    const fold = this.form.closest("details");
    if (fold) fold.open = true;
    if (kept.waiting) this.#send();
  }

  #wrote() {
    this.waiting = false;
    this.#keep();
  }

  async #keep() {
    const body = this.field.value;
    const { waiting } = this;
    if (!body.trim()) return this.store.removeDraft(this.draft).catch(() => {});
    const draft = { id: this.draft, body, files: [], at: Date.now(), key: this.key.value, waiting };
    return this.store.putDraft(draft).catch(() => {}); // no room: it is kept on the page only
  }

  async #send() {
    if (this.sending || (!this.field.value.trim() && !this.files.files?.length)) return;
    this.sending = true;
    clearTimeout(this.timer);
    const button = this.form.querySelector("[type=submit]");
    button?.setAttribute("aria-busy", "true");
    try {
      await this.#post();
    } finally {
      this.sending = false;
      button?.removeAttribute("aria-busy");
    }
  }

  async #post() {
    await this.#keep();
    const address = /** @type {string} */ (this.form.getAttribute("action"));
    const body = new FormData(this.form);
    let response;
    try {
      response = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    } catch {
      return this.#later();
    }
    if (response.status >= 500 || response.status === 429) return this.#later();
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) return this.#say(answer.message ?? this.words.refused);
    return this.#taken(body, answer.key);
  }

  /**
   * @param {FormData} posted
   * @param {string} key  of the next answer
   */
  async #taken(posted, key) {
    this.waiting = false;
    this.key.value = key;
    this.files.value = "";
    if (this.field.value === posted.get("body")) this.field.value = ""; // else somebody goes on writing
    await this.#keep();
    this.#say("");
    this.sent();
  }

  /** It goes by itself when the network is back; files wait as long as the page does. */
  async #later() {
    this.waiting = true;
    await this.#keep();
    this.#say(this.words.kept);
    this.timer = setTimeout(() => this.waiting && this.#send(), AGAIN_AFTER_MS);
  }

  /** @param {string} why  "" takes it away */
  #say(why) {
    const problem = slot(this.form, "problem");
    if (!problem) return;
    problem.hidden = !why;
    fill(problem, "why", why);
  }
}
