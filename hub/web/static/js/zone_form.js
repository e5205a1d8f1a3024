/** A town's sector: drawn on a map, from the first moment on. */

import { dataOf } from "./page.js";
import { ZoneMap } from "./zone_map.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-zone]"));
const map = new ZoneMap(form, dataOf("compose"));
map.open().then(() => map.draw(true));
