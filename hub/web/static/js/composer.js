/** Where a message is written: its draft is kept at each stroke, with its files, and is the same in all tabs. */

import { fill, say, slot } from "./page.js";
import { Store } from "./store.js";
import { Uploads } from "./uploads.js";

const TYPING_EVERY_MS = 3_000;

/** @typedef {import("./store.js").FileRef} FileRef */

export class Composer {
  /**
   * @param {HTMLFormElement} form
   * @param {object} parts
   * @param {number} parts.person
   * @param {string} parts.draft  the draft's name
   * @param {string} parts.upload  the address that takes files
   * @param {import("./times.js").Times} parts.times
   * @param {{draft_kept: string, answering: string}} parts.words
   * @param {(body: string, files: FileRef[], answers: number|null) => Promise<unknown>} parts.send  resolves once the message is kept
   * @param {(on: boolean) => void} parts.typing
   */
  constructor(form, { person, draft, upload, times, words, send, typing }) {
    this.form = form;
    this.draft = draft;
    this.times = times;
    this.words = words;
    this.send = send;
    this.typing = typing;
    this.field = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("body"));
    this.store = new Store(person);
    this.otherTabs = new BroadcastChannel(`parvis-drafts-${person}`);
    this.otherTabs.onmessage = ({ data }) => data === draft && !this.#inUse() && this.#restore();
    this.uploads = new Uploads({
      list: /** @type {HTMLElement} */ (slot(form, "uploads")),
      address: upload,
      token: /** @type {HTMLInputElement} */ (form.elements.namedItem("csrfmiddlewaretoken")).value,
      size: (bytes) => times.size(bytes),
      changed: () => this.#filesChanged(),
    });
    /** @type {import("./store.js").Answered|null} */
    this.answered = null;
    this.saidTypingAt = 0;
    this.sendWhenSent = false;
    this.#listen();
    if (!this.field.value) this.#restore();
  }

  /** Whether the person writes here just now. */
  #inUse() {
    return document.hasFocus() && document.activeElement === this.field;
  }

  #listen() {
    this.field.addEventListener("input", () => this.#wrote());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("blur", () => this.#sayTyping(false));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    for (const input of this.form.querySelectorAll("input[type=file]")) {
      input.addEventListener("change", () => this.#choose(/** @type {HTMLInputElement} */ (input)));
    }
    slot(this.form, "no_answer")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.answer(null);
      this.field.focus();
    });
    this.form.addEventListener("paste", (event) => {
      const files = event.clipboardData?.files ?? [];
      if (files.length) {
        event.preventDefault();
        this.uploads.add(files);
      }
    });
  }

  /** @param {HTMLInputElement} input */
  #choose(input) {
    this.uploads.add(input.files ?? []);
    input.value = "";
    this.field.focus();
  }

  /**
   * Enter sends where there is a real keyboard; on a phone it begins a line.
   * @param {KeyboardEvent} event
   */
  #key(event) {
    if (event.defaultPrevented) return; // somebody is being chosen to be named
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    this.#submit();
  }

  #wrote() {
    this.sendWhenSent = false;
    this.#fit();
    this.#keep();
    this.#sayTyping(this.field.value.trim() !== "");
  }

  #filesChanged() {
    this.#keep();
    if (!this.uploads.sending) this.form.removeAttribute("aria-busy");
    if (this.sendWhenSent && this.uploads.allSent) this.#submit();
  }

  async #submit() {
    const body = this.field.value.trim();
    const files = this.uploads.files;
    if (!body && !files.length) return;
    if (!this.uploads.allSent) {
      this.sendWhenSent = this.uploads.sending; // goes by itself when the files have arrived
      this.form.toggleAttribute("aria-busy", this.sendWhenSent);
      return;
    }
    this.sendWhenSent = false;
    const refs = files.map((file) => /** @type {FileRef} */ (file.ref));
    const answered = this.answered;
    const kept = this.send(body, refs, answered?.seq ?? null);
    this.put("", []);
    this.#sayTyping(false);
    try {
      await kept;
    } catch {
      this.takeBack(body, refs, answered); // the browser could not keep it
      return;
    }
    if (!this.field.value && !this.uploads.files.length) await this.#forget();
  }

  /**
   * Put words (back) where they are written.
   * @param {string} body
   * @param {import("./store.js").DraftFile[]} files
   * @param {import("./store.js").Answered|null} [answered]
   */
  put(body, files, answered = null) {
    this.field.value = body;
    this.#showAnswered(answered);
    this.uploads.show(files);
    this.#fit();
    fill(this.form, "note", "");
  }

  /**
   * A refused message comes back to be changed, before what is written already.
   * @param {string} body
   * @param {FileRef[]} files
   * @param {import("./store.js").Answered|null} [answered]  what it answered
   */
  takeBack(body, files, answered = null) {
    const both = [body, this.field.value].filter(Boolean).join("\n");
    const rows = files.map((ref) => ({ id: ref.id, name: ref.name, size: ref.size_bytes, ref, blob: null }));
    this.put(both, [...rows, ...this.uploads.files], answered ?? this.answered);
    this.#keep();
    this.field.focus();
  }

  /**
   * From now on these words answer a message; null: none.
   * @param {import("./store.js").Answered|null} answered
   */
  answer(answered) {
    this.#showAnswered(answered);
    this.#keep();
    if (answered) this.field.focus();
  }

  /** @param {import("./store.js").Answered|null} answered */
  #showAnswered(answered) {
    this.answered = answered;
    const row = slot(this.form, "answering");
    if (!row) return;
    row.hidden = !answered;
    fill(row, "answer_to", answered ? say(this.words.answering, { name: answered.author }) : "");
    fill(row, "answer_words", answered?.excerpt ?? "");
  }

  // The draft.

  async #restore() {
    const draft = await this.store.draft(this.draft);
    if (this.#inUse() && this.field.value) return; // quicker than the store
    this.put(draft?.body ?? "", draft?.files ?? [], draft?.answered ?? null);
    if (draft) this.#note(draft.at);
  }

  async #keep() {
    const at = Date.now();
    const [body, files] = [this.field.value, this.uploads.files];
    if (!body && !files.length) return this.#forget();
    try {
      await this.store.putDraft({ id: this.draft, body, files, at, answered: this.answered });
    } catch {
      return; // no room left: it is kept on the page only, and the note does not say otherwise
    }
    this.otherTabs.postMessage(this.draft);
    if (this.field.value === body) this.#note(at);
  }

  async #forget() {
    await this.store.removeDraft(this.draft);
    this.otherTabs.postMessage(this.draft);
    fill(this.form, "note", "");
  }

  /** @param {number} at */
  #note(at) {
    fill(this.form, "note", say(this.words.draft_kept, { time: this.times.clock(new Date(at)) }));
  }

  // Beside it.

  /** Where CSS can't make the field as high as its words. */
  #fit() {
    if (CSS.supports("field-sizing", "content")) return;
    this.field.style.blockSize = "auto";
    this.field.style.blockSize = `${this.field.scrollHeight}px`;
  }

  /** @param {boolean} on */
  #sayTyping(on) {
    if (on ? Date.now() - this.saidTypingAt < TYPING_EVERY_MS : !this.saidTypingAt) return;
    this.saidTypingAt = on ? Date.now() : 0;
    this.typing(on);
  }
}
