/** « Mes notifications » saves by itself: each box as it is ticked. Each part of the page is a form of its own. */

import { copyOf } from "./page.js";

/** @param {HTMLFormElement} form */
function live(form) {
  const status = /** @type {HTMLElement} */ (form.querySelector("[data-status]"));
  const button = /** @type {HTMLElement} */ (form.querySelector("[type=submit]"));
  let saving = Promise.resolve();

  /**
   * @param {string} text
   * @param {boolean} done
   */
  function say(text, done) {
    status.classList.toggle("saved--failed", !done);
    status.replaceChildren(copyOf(done ? "saved-mark" : "failed-mark"), text);
    button.hidden = done;
  }

  async function save() {
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
      });
      if (!response.ok) throw new Error(String(response.status));
      say((await response.json()).saved, true);
    } catch {
      say(status.dataset.failed ?? "", false); // and the button is there to try again
    }
  }

  button.hidden = true;
  // One after the other: the last one says how the boxes stand.
  form.addEventListener("change", () => (saving = saving.then(save)));
}

for (const form of document.querySelectorAll("form[data-wishes]")) live(/** @type {HTMLFormElement} */ (form));
