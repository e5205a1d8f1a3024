/** The parts of a long form as tabs (ARIA, Tabs Pattern). Without this script they stand below each other. */

/**
 * @typedef {object} Part
 * @property {HTMLElement} panel
 * @property {HTMLButtonElement} tab
 */

/**
 * @param {HTMLElement} panel
 * @returns {Part}
 */
function partOf(panel) {
  const head = /** @type {HTMLElement} */ (panel.querySelector("h2"));
  const tab = document.createElement("button");
  tab.type = "button";
  tab.className = "tab";
  tab.id = `tab-${panel.id}`;
  tab.textContent = head.textContent;
  tab.setAttribute("role", "tab");
  tab.setAttribute("aria-controls", panel.id);
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-labelledby", tab.id);
  /** @type {HTMLElement} */ (head.parentElement).hidden = true; // the tab says it
  return { panel, tab };
}

/**
 * @param {Part[]} parts
 * @param {Part} chosen
 */
function show(parts, chosen) {
  for (const { panel, tab } of parts) {
    panel.hidden = panel !== chosen.panel;
    tab.setAttribute("aria-selected", String(panel === chosen.panel));
    tab.tabIndex = panel === chosen.panel ? 0 : -1;
  }
  chosen.tab.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** @param {HTMLElement} form */
function arrange(form) {
  const list = /** @type {HTMLElement} */ (form.querySelector("[role=tablist]"));
  const panels = /** @type {HTMLElement[]} */ ([...form.querySelectorAll("[data-tab]")]);
  if (panels.length < 2) return;
  const parts = panels.map(partOf);
  list.append(...parts.map((part) => part.tab));
  list.hidden = false;
  for (const part of parts) {
    part.tab.addEventListener("click", () => show(parts, part));
    // A field that the browser refuses must be seen before it can be mended.
    part.panel.addEventListener("invalid", () => show(parts, part), true);
  }
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = parts.findIndex(({ panel }) => !panel.hidden);
    const next = parts[(at + step + parts.length) % parts.length];
    show(parts, next);
    next.tab.focus();
    event.preventDefault();
  });
  const wrong = parts.find(({ panel }) => panel.querySelector(".field--error"));
  show(parts, wrong ?? parts.find(({ panel }) => `#${panel.id}` === location.hash) ?? parts[0]);
}

document.querySelectorAll("[data-tabs]").forEach((form) => arrange(/** @type {HTMLElement} */ (form)));
