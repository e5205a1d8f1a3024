/**
 * A zone drawn on a map (alerts/desk/outline.html). Its points stand in a text, one a line, which keyboards write: the
 * map draws what stands there, and what is touched on the map is written there.
 */

import { say, slot } from "./page.js";
import { openMap } from "./place_map.js";

const DIGITS = 6;

/** @typedef {[number, number]} Place  latitude, longitude */

/**
 * @param {string} text
 * @returns {Place[][]}  the outlines; lines that are no points are left out
 */
export function outlinesOf(text) {
  /** @type {Place[][]} */
  const rings = [[]];
  for (const line of text.split("\n")) {
    const found = (line.includes(";") ? line : line.replace(/(\d),\s/g, "$1 ; ")).match(/[-−]?\d+(?:[.,]\d+)?/g);
    if (!line.trim()) rings.push([]);
    else if (found?.length === 2) {
      const [lat, lon] = found.map((number) => Number(number.replace(",", ".").replace("−", "-")));
      rings[rings.length - 1].push([lat, lon]);
    }
  }
  return rings.filter((ring, at) => ring.length || at === rings.length - 1);
}

export class ZoneMap {
  /**
   * @param {HTMLElement} root  the form
   * @param {{shapes: Record<string, [number, number][][]>, words: Record<string, string>}} data
   */
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.text = /** @type {HTMLTextAreaElement} */ (root.querySelector('[name="points"]'));
    this.drawing = false;
    /** @type {string[]} */
    this.chosen = [];
    this.text.addEventListener("input", () => this.#show());
    this.#part("undo").addEventListener("click", () => this.#undo());
    this.#part("clear").addEventListener("click", () => this.#write([]));
  }

  /** @param {string} name */
  #part(name) {
    return /** @type {HTMLElement} */ (slot(this.root, name));
  }

  /** Fetch the map and draw. Without it, the text is there. */
  async open() {
    this.#part("zone-map").hidden = false;
    try {
      this.map = await openMap(this.#part("canvas"), {
        touched: (lat, lon) => this.drawing && this.#add([lat, lon]),
        entered: () => this.drawing && this.map && this.#add([this.map.centre.lat, this.map.centre.lon]),
        moved: (by) => this.#moved(by),
        points: false,
      });
    } catch {
      this.#part("zone-map").hidden = true;
      return;
    }
    this.layer = this.map.L.layerGroup().addTo(this.map.map);
    this.#show();
    this.#fit();
  }

  /** @param {boolean} drawing */
  draw(drawing) {
    this.drawing = drawing;
    for (const name of ["drawing", "tools"]) this.#part(name).hidden = !drawing;
    this.#part("cross").hidden = !drawing;
    this.#show();
    if (drawing) this.#part("canvas").focus({ preventScroll: true });
  }

  /** @param {string[]} ids  the sectors that are chosen */
  choose(ids) {
    this.chosen = ids;
    this.#show();
    this.#fit();
  }

  /** @param {"person"|"page"} by */
  #moved(by) {
    if (by === "page" || !this.drawing || !this.map) return;
    const { lat, lon } = this.map.centre;
    this.#say(say(this.data.words.moved, { lat: lat.toFixed(4), lon: lon.toFixed(4) }));
  }

  /** @param {string} sentence */
  #say(sentence) {
    this.#part("said").textContent = sentence;
  }

  /** @param {Place} place */
  #add(place) {
    const rings = outlinesOf(this.text.value);
    rings[rings.length - 1].push(place);
    this.#write(rings);
  }

  #undo() {
    const rings = outlinesOf(this.text.value);
    while (rings.length > 1 && !rings[rings.length - 1].length) rings.pop();
    rings[rings.length - 1].pop();
    this.#write(rings);
  }

  /** @param {Place[][]} rings */
  #write(rings) {
    const lines = rings.map((ring) => ring.map((place) => place.map((one) => one.toFixed(DIGITS)).join(", ")).join("\n"));
    this.text.value = lines.join("\n\n");
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
    this.text.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #show() {
    const rings = outlinesOf(this.text.value);
    const count = rings.reduce((sum, ring) => sum + ring.length, 0);
    if (this.drawing) this.#say(count ? say(this.data.words.points, { count: String(count) }) : "");
    if (!this.layer) return;
    this.layer.clearLayers();
    for (const [id, shape] of Object.entries(this.data.shapes)) {
      for (const ring of shape) this.#outline(ring.map(([lon, lat]) => [lat, lon]), !this.chosen.includes(id));
    }
    rings.forEach((ring, at) => {
      this.#outline(ring, false);
      if (this.drawing) ring.forEach((_place, corner) => this.#corner(rings, at, corner));
    });
  }

  /**
   * @param {Place[]} places
   * @param {boolean} idle
   */
  #outline(places, idle) {
    const className = `zone-map__zone${idle ? " zone-map__zone--idle" : ""}`;
    this.layer.addLayer(this.map?.L.polygon(places, { className, interactive: false }));
  }

  /**
   * @param {Place[][]} rings
   * @param {number} at
   * @param {number} corner
   */
  #corner(rings, at, corner) {
    const L = this.map?.L;
    const icon = L.divIcon({ className: "zone-map__corner", iconSize: [18, 18] });
    const mark = L.marker(rings[at][corner], { icon, draggable: true, keyboard: false });
    mark.on("dragend", () => {
      const { lat, lng } = mark.getLatLng().wrap();
      rings[at][corner] = [lat, lng];
      this.#write(rings);
    });
    this.layer.addLayer(mark);
  }

  /** Show all that is chosen. */
  #fit() {
    const chosen = this.chosen.flatMap((id) => this.data.shapes[id] ?? []).flat().map(([lon, lat]) => [lat, lon]);
    const places = [...chosen, ...outlinesOf(this.text.value).flat()];
    if (!this.map || !places.length) return;
    this.map.told = true;
    this.map.map.fitBounds(places, { padding: [24, 24], maxZoom: 16 });
  }
}
