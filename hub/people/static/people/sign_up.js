/** « Créer un compte »: what a town asks for is there as soon as the town is chosen; what was typed stays. */

/**
 * @param {ParentNode} from
 * @returns {Map<string, string>}
 */
function typed(from) {
  const inputs = /** @type {NodeListOf<HTMLInputElement|HTMLSelectElement>} */ (from.querySelectorAll("input, select"));
  const said = [...inputs].filter((input) => input.type !== "radio" || /** @type {HTMLInputElement} */ (input).checked);
  return new Map(said.map((input) => [input.name, input.value]));
}

/**
 * @param {ParentNode} into
 * @param {Map<string, string>} said
 */
function putBack(into, said) {
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (into.querySelectorAll("input, select"))) {
    const value = said.get(input.name);
    if (value === undefined) continue;
    if (input.type === "radio") input.checked = input.value === value;
    else input.value = value;
  }
}

/** @param {HTMLElement} details */
function follow(details) {
  const said = typed(details); // also what another town did not ask for
  const form = /** @type {HTMLFormElement} */ (details.closest("form"));
  let last = 0;
  form.addEventListener("change", async (event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (input.name !== "town") return;
    const turn = ++last;
    typed(details).forEach((value, name) => said.set(name, value));
    const response = await fetch(`${location.pathname}?town=${encodeURIComponent(input.value)}`).catch(() => null);
    if (!response?.ok || turn !== last) return; // the form says so itself, once it is sent
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("[data-details]");
    if (!fresh || turn !== last) return;
    details.replaceChildren(...document.importNode(fresh, true).childNodes);
    putBack(details, said);
  });
}

document.querySelectorAll("[data-details]").forEach((part) => follow(/** @type {HTMLElement} */ (part)));
