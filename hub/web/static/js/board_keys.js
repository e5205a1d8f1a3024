/**
 * The board by keyboard: arrows (J and K) from row to row, S for the star, N for a new ticket, Escape closes what is open.
 *
 * Letters do something only while a row has the focus: who speaks to the machine, or types elsewhere, sets off nothing.
 */

const STEPS = new Map([["ArrowDown", 1], ["j", 1], ["ArrowUp", -1], ["k", -1]]);

/**
 * @param {HTMLElement} desk
 * @param {() => void} closePanel
 */
export function obeyKeys(desk, closePanel) {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    const target = /** @type {Element} */ (event.target);
    const row = target.closest('[data-part="list"] > li');
    if (row && inRow(row, event.key)) event.preventDefault();
    else if (event.key === "ArrowDown" && entersFrom(target, desk)) event.preventDefault();
    else if (event.key === "Escape") escape(target, closePanel);
  });
}

/**
 * @param {Element} row
 * @param {string} key
 */
function inRow(row, key) {
  const step = STEPS.get(key);
  if (step) {
    const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
    /** @type {HTMLElement|null|undefined} */ (next?.querySelector("a"))?.focus();
    return true;
  }
  if (key === "n") {
    /** @type {HTMLElement|null} */ (document.querySelector("[data-new]"))?.click();
    return true;
  }
  if (key !== "s") return false;
  row.querySelector("button")?.click();
  return true;
}

/**
 * From nowhere, or from the search, the arrow leads to the first row.
 * @param {Element} target
 * @param {HTMLElement} desk
 */
function entersFrom(target, desk) {
  if (target !== document.body && !target.matches('input[type="search"]')) return false;
  const first = /** @type {HTMLElement|null} */ (desk.querySelector('[data-part="list"] a'));
  first?.focus();
  return Boolean(first);
}

/**
 * @param {Element} target
 * @param {() => void} closePanel
 */
function escape(target, closePanel) {
  const menu = target.closest("details[data-menu][open]") ?? document.querySelector("details[data-menu][open]");
  if (menu) {
    /** @type {HTMLDetailsElement} */ (menu).open = false;
    menu.querySelector("summary")?.focus();
  } else if (!target.matches("input, textarea, select") && !document.querySelector("dialog[open]")) closePanel();
}
