/** Files beside a draft: sent to the server as soon as they are chosen, again when the network comes back. */

import { copyOf, fill, slot } from "./page.js";
import { newKey } from "./store.js";

const AGAIN_AFTER_MS = 3_000;

/** @typedef {import("./store.js").DraftFile} DraftFile */

export class Uploads {
  /**
   * @param {object} parts
   * @param {HTMLElement} parts.list  where the files are shown
   * @param {string} parts.address  that takes them
   * @param {string} parts.token  against forged requests
   * @param {(bytes: number) => string} parts.size
   * @param {() => void} parts.changed  a file came, went, or arrived at the server
   */
  constructor({ list, address, token, size, changed }) {
    this.list = list;
    this.address = address;
    this.token = token;
    this.size = size;
    this.changed = changed;
    /** @type {DraftFile[]} */
    this.files = [];
    /** @type {Map<string, {row: HTMLElement, request: XMLHttpRequest|null, refused: boolean}>} */
    this.shown = new Map();
    addEventListener("online", () => this.#sendAll());
  }

  get allSent() {
    return this.files.every((file) => file.ref);
  }

  get sending() {
    return this.files.some((file) => !file.ref && !this.shown.get(file.id)?.refused);
  }

  /** @param {Iterable<File>} chosen */
  add(chosen) {
    for (const blob of chosen) {
      this.files.push({ id: newKey(), name: blob.name, size: blob.size, ref: null, blob });
    }
    this.show(this.files);
    this.changed();
  }

  /** @param {DraftFile[]} files  from a draft, or none */
  show(files) {
    this.files = files;
    const ids = new Set(files.map(({ id }) => id));
    for (const [id, { row, request }] of this.shown) {
      if (ids.has(id)) continue;
      request?.abort();
      row.remove();
      this.shown.delete(id);
    }
    for (const file of files) if (!this.shown.has(file.id)) this.#showOne(file);
    this.list.hidden = files.length === 0;
    this.#sendAll();
  }

  /** @param {DraftFile} file */
  #showOne(file) {
    const row = copyOf("upload");
    fill(row, "name", file.name);
    fill(row, "size", this.size(file.size));
    slot(row, "remove")?.addEventListener("click", () => {
      this.show(this.files.filter(({ id }) => id !== file.id));
      this.changed();
    });
    this.list.append(row);
    this.shown.set(file.id, { row, request: null, refused: false });
    this.#showProgress(file, file.ref ? 1 : 0);
  }

  #sendAll() {
    for (const file of this.files) {
      const shown = this.shown.get(file.id);
      if (shown && file.blob && !file.ref && !shown.request && !shown.refused) this.#send(file, shown);
    }
  }

  /**
   * @param {DraftFile} file
   * @param {{row: HTMLElement, request: XMLHttpRequest|null, refused: boolean}} shown
   */
  #send(file, shown) {
    const request = (shown.request = new XMLHttpRequest()); // fetch() tells no progress
    const body = new FormData();
    body.append("file", /** @type {Blob} */ (file.blob), file.name);
    request.open("POST", this.address);
    request.responseType = "json";
    request.setRequestHeader("X-CSRFToken", this.token);
    request.upload.onprogress = ({ loaded, total }) => this.#showProgress(file, (0.95 * loaded) / total);
    request.onloadend = () => {
      shown.request = null;
      this.#ended(file, shown, request);
    };
    request.send(body);
  }

  /**
   * @param {DraftFile} file
   * @param {{row: HTMLElement, request: XMLHttpRequest|null, refused: boolean}} shown
   * @param {XMLHttpRequest} request
   */
  #ended(file, shown, request) {
    if (this.shown.get(file.id) !== shown) return; // taken out meanwhile
    if (request.status === 201) {
      Object.assign(file, { ref: request.response, blob: null });
      this.#showProgress(file, 1);
      this.changed();
    } else if (request.status >= 400 && request.status < 500 && request.status !== 429) {
      shown.refused = true;
      shown.row.classList.add("upload--failed");
      fill(shown.row, "size", request.response?.message ?? "");
      this.changed();
    } else {
      this.#showProgress(file, 0);
      setTimeout(() => this.#sendAll(), AGAIN_AFTER_MS);
    }
  }

  /**
   * @param {DraftFile} file
   * @param {number} part  0 to 1
   */
  #showProgress(file, part) {
    const bar = /** @type {HTMLProgressElement|null} */ (this.shown.get(file.id)?.row.querySelector("progress"));
    if (!bar) return;
    bar.value = part;
    bar.hidden = part === 1;
  }
}
