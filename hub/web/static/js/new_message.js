/** A first message: its draft is kept at each stroke, and nothing is lost when the network is not there. */

import { dataOf, slot } from "./page.js";
import { Store } from "./store.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-write]"));
const field = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("body"));
const key = /** @type {HTMLInputElement} */ (form.elements.namedItem("key"));
const problem = /** @type {HTMLElement} */ (slot(form, "problem"));
const page = dataOf("draft");
const store = new Store(page.person);

/** The draft's name: that of the town, when one can be chosen. */
function draftName() {
  const town = /** @type {HTMLInputElement|null} */ (form.querySelector("[name=town]:checked"));
  return town ? `new.${town.value}` : page.draft;
}

async function restore() {
  const draft = await store.draft(draftName());
  if (!draft || field.value) return;
  field.value = draft.body;
  if (draft.key) key.value = draft.key; // it may have been sent already: the same key is the same message
}

function keep() {
  if (!field.value) return store.removeDraft(draftName());
  return store.putDraft({ id: draftName(), body: field.value, files: [], at: Date.now(), key: key.value });
}

async function send() {
  await keep().catch(() => {});
  const button = form.querySelector("[type=submit]");
  button?.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (response.redirected) location.href = response.url;
    else form.submit(); // the page with its reason
  } catch {
    problem.hidden = false;
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

field.addEventListener("input", keep);
for (const choice of form.querySelectorAll("[name=town]")) choice.addEventListener("change", restore);
addEventListener("online", () => (problem.hidden = true));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
restore();
