/** Photos and files of a report: made smaller in the browser, shown, taken out again. They go with the form. */

import { copyOf, fill, say, slot } from "./page.js";

const MAX_FILES = 10;
const MAX_BYTES = 10 * 1024 * 1024;
const TOGETHER_BYTES = 4 * MAX_BYTES;
const MAX_PX = 2560;
const QUALITY = 0.85;

/** @typedef {import("./report_drafts.js").Attached} Attached */

/**
 * A photo as it is sent: 2560 pixels at most, a JPEG, upright; nothing of where it was taken.
 * @param {Blob} file
 * @returns {Promise<Blob>} rejects when the browser can't read it as a picture
 */
export async function smaller(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, MAX_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = "white"; // under what is transparent
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("picture"))), "image/jpeg", QUALITY),
  );
}

export class ReportFiles {
  /**
   * @param {HTMLFormElement} form
   * @param {DOMStringMap} words
   * @param {() => void} changed
   */
  constructor(form, words, changed) {
    this.form = form;
    this.words = words;
    this.changed = changed;
    /** @type {Attached[]} */
    this.files = [];
    /** @type {Map<Attached, string>} */
    this.pictures = new Map();
    this.#part("cameras").hidden = false;
    this.#part("plain-photos").hidden = true;
    for (const name of ["camera", "album"]) this.#listen(/** @type {HTMLInputElement} */ (this.#part(name)), "photos");
    const plain = /** @type {HTMLInputElement} */ (form.querySelector("[name=documents]"));
    this.kinds = plain.accept.split(",");
    this.#listen(plain, "documents");
  }

  /** @param {string} name */
  #part(name) {
    return /** @type {HTMLElement} */ (slot(this.form, name));
  }

  /**
   * @param {HTMLInputElement} input
   * @param {"photos"|"documents"} field
   */
  #listen(input, field) {
    input.addEventListener("change", async () => {
      const chosen = [...(input.files ?? [])];
      input.value = ""; // the same one may be chosen again; and nothing is sent twice
      await this.add(chosen, field);
    });
  }

  /**
   * @param {File[]} chosen
   * @param {"photos"|"documents"} field
   */
  async add(chosen, field) {
    this.#trouble("");
    for (const file of chosen) {
      if (this.files.length >= MAX_FILES) {
        this.#trouble(this.form.dataset.tooMany ?? "");
        break;
      }
      const attached = await this.#prepared(file, field);
      if (attached) {
        this.files.push(attached);
        this.#say("added", attached.name);
      }
    }
    this.show();
    this.changed();
  }

  /**
   * @param {File} file
   * @param {"photos"|"documents"} field
   * @returns {Promise<Attached|null>}
   */
  async #prepared(file, field) {
    const { name } = file;
    if (field === "photos") {
      try {
        const blob = await smaller(file);
        return { field, name: `${name.replace(/\.\w+$/, "") || "photo"}.jpg`, blob };
      } catch {
        this.#trouble(say(this.words.unreadable ?? "", { name }));
        return null;
      }
    }
    const sentence = this.#refusal(file);
    if (!sentence) return { field, name, blob: file };
    this.#trouble(say(sentence, { name }));
    return null;
  }

  /** @param {File} file */
  #refusal({ name, size }) {
    const words = this.form.dataset;
    if (!this.kinds.some((kind) => name.toLowerCase().endsWith(kind))) return words.wrongKind;
    if (size > MAX_BYTES) return words.tooLarge;
    const together = this.files.reduce((sum, { blob }) => sum + blob.size, size);
    return together > TOGETHER_BYTES ? words.tooMuch : "";
  }

  /** @param {string} sentence */
  #trouble(sentence) {
    this.form.querySelector("[data-files-trouble]")?.remove();
    if (!sentence) return;
    const trouble = copyOf("report-trouble");
    trouble.dataset.filesTrouble = "";
    fill(trouble, "words", sentence);
    this.#part("cameras").after(trouble);
  }

  /**
   * @param {"added"|"removed"} what
   * @param {string} name
   */
  #say(what, name) {
    this.#part("files-said").textContent = say(this.words[what] ?? "", { name });
  }

  /** @param {Attached[]} [files]  of a draft */
  show(files) {
    if (files) this.files = files;
    for (const field of /** @type {const} */ (["photos", "documents"])) {
      const list = this.#part(field === "photos" ? "photos" : "files");
      const ours = this.files.filter((one) => one.field === field);
      list.replaceChildren(...ours.map((one) => this.#row(one)));
      list.hidden = ours.length === 0;
    }
  }

  /** @param {Attached} file */
  #row(file) {
    const row = copyOf(file.field === "photos" ? "report-photo" : "report-file");
    const picture = /** @type {HTMLImageElement|null} */ (slot(row, "picture"));
    if (picture) picture.src = this.pictureOf(file);
    fill(row, "name", file.name);
    fill(row, "what", file.name);
    fill(row, "size", this.#size(file.blob.size));
    slot(row, "remove")?.addEventListener("click", () => this.#remove(file));
    return row;
  }

  /** @param {number} bytes */
  #size(bytes) {
    const units = (this.words.units ?? "").split(",");
    const unit = Math.min(units.length - 1, bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2);
    const value = (bytes / 1000 ** unit).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
    return `${value}\u00a0${units[unit]}`;
  }

  /** @param {Attached} file */
  pictureOf(file) {
    const known = this.pictures.get(file) ?? URL.createObjectURL(file.blob);
    this.pictures.set(file, known);
    return known;
  }

  /** @param {Attached} file */
  #remove(file) {
    this.files = this.files.filter((one) => one !== file);
    const picture = this.pictures.get(file);
    if (picture) URL.revokeObjectURL(picture);
    this.pictures.delete(file);
    this.#trouble("");
    this.show();
    this.#say("removed", file.name);
    (file.field === "photos" ? this.#part("album") : /** @type {HTMLElement} */ (this.form.querySelector("[name=documents]"))).focus();
    this.changed();
  }
}
