/** The list of citizens: a column that is ticked is there at once; menus close as one expects. */

const menus = /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll("[data-menu]")]);

for (const menu of menus) {
  menu.addEventListener("toggle", () => {
    if (menu.open) menus.filter((other) => other !== menu).forEach((other) => (other.open = false));
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}
document.addEventListener("click", (event) => {
  for (const menu of menus) if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
});

/**
 * Keep the choice, and show the list as it then is.
 * @param {HTMLFormElement} form
 */
async function choose(form) {
  const list = document.querySelector("[data-list]");
  const address = form.getAttribute("action") ?? "";
  const response = await fetch(address, { method: "POST", body: new FormData(form) });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector("[data-list]");
  if (!response.ok || !list || !fresh) return form.submit();
  list.replaceWith(document.importNode(fresh, true));
}

const form = /** @type {HTMLFormElement|null} */ (document.querySelector("[data-columns]"));
if (form && document.querySelector("[data-list]")) {
  /** @type {HTMLElement} */ (form.querySelector("[type=submit]")).hidden = true;
  let last = Promise.resolve(); // one after the other: the last choice is what is kept
  form.addEventListener("change", () => {
    last = last.then(() => choose(form)).catch(() => form.submit());
  });
}
