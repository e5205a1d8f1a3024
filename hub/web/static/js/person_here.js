/**
 * Who is at this device, for pages that it keeps for when there is no network: they are the same for everybody, and do
 * not know. A number, only where the application is, and only until one signs out.
 */

const NAME = "parvis-person";

/** @param {number} person  0: nobody is signed in */
export function keepPersonHere(person) {
  try {
    if (person) localStorage.setItem(NAME, String(person));
    else localStorage.removeItem(NAME);
  } catch {
    // a browser that keeps nothing has no application either
  }
}

/**
 * Whose drafts a part of a page is for: the server says so in `data-person`, but not on a page that is kept.
 * @param {HTMLElement} part
 * @returns {number} 0: nobody is signed in
 */
export function personOf({ dataset }) {
  return Number(("kept" in dataset ? localStorage.getItem(NAME) : dataset.person) ?? 0);
}
