/** A scanned letter dropped anywhere on the page leaves by its form, as if it had been chosen there. */

import { slot } from "./page.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-letter-drop]"));
const input = /** @type {HTMLInputElement} */ (form.querySelector("input[type=file]"));

/** @param {DragEvent} event */
const holdsFiles = (event) => event.dataTransfer?.types.includes("Files") ?? false;

/** @param {boolean} over */
const mark = (over) => form.toggleAttribute("data-over", over);

document.addEventListener("dragover", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault(); // else the browser opens it, and the page is gone
  mark(true);
});
document.addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) mark(false);
});
document.addEventListener("drop", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  mark(false);
  const files = /** @type {DataTransfer} */ (event.dataTransfer).files;
  if (files.length === 0) return;
  input.files = files;
  form.requestSubmit();
});
form.addEventListener("submit", () => {
  const told = slot(form, "told");
  if (told) told.textContent = form.dataset.sending ?? "";
});
