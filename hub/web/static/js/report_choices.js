/** Choosing a category: the list narrows as one types (report/choices.html). Without this the server narrows it. */

const search = /** @type {HTMLInputElement|null} */ (document.querySelector("[data-choices-search] [name=q]"));
const items = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-words]")]);
const branches = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-choices-branch]")]);
const most = /** @type {HTMLElement|null} */ (document.querySelector("[data-choices-most]"));
const none = /** @type {HTMLElement|null} */ (document.querySelector("[data-choices-none]"));
const count = /** @type {HTMLElement|null} */ (document.querySelector("[data-choices-count]"));

/** @param {string} text  as the server folds it: no case, no accents, letters and digits only */
function wordsOf(text) {
  const plain = text.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").normalize("NFKD").replace(/\p{M}/gu, "");
  return plain.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

function narrow() {
  const words = wordsOf(search?.value ?? "");
  let left = 0;
  for (const item of items) {
    const fits = words.every((word) => item.dataset.words?.includes(` ${word}`));
    item.hidden = !fits;
    left += Number(fits);
  }
  for (const branch of branches) branch.hidden = !branch.querySelector("[data-words]:not([hidden])");
  if (most) most.hidden = words.length > 0;
  if (none) none.hidden = left > 0;
  if (!count) return;
  const sentence = (left === 1 ? count.dataset.one : count.dataset.many) ?? "";
  count.textContent = words.length && left ? sentence.replace("{count}", String(left)) : "";
}

// What the server has narrowed already stays so: the rest is not on this page.
if (search && !new URLSearchParams(location.search).get("q")) search.addEventListener("input", narrow);
