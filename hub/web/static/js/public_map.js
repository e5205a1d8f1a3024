/** A town's public tickets on a map, when its button is pressed; the list beside it says the same. */

import { slot } from "./page.js";
import { openMap } from "./place_map.js";

const section = /** @type {HTMLElement} */ (document.querySelector("[data-public-map]"));
const button = /** @type {HTMLButtonElement} */ (document.querySelector('[data-slot="show-map"]'));
/** @type {import("./place_map.js").PlaceMap|null} */
let map = null;

async function show() {
  section.hidden = !section.hidden;
  button.setAttribute("aria-expanded", String(!section.hidden));
  if (section.hidden || map) return;
  const canvas = /** @type {HTMLElement} */ (slot(section, "canvas"));
  try {
    map = await openMap(canvas, { points: false });
    map.showPoints(JSON.parse(section.dataset.points ?? "[]"), { open: ({ url }) => (location.href = url) });
  } catch {
    canvas.hidden = true;
    const words = slot(section, "map-words");
    if (words) words.textContent = words.dataset.failed ?? "";
  }
}

button.hidden = false;
button.addEventListener("click", show);
