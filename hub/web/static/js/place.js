/**
 * Where it is (tickets/parts/place.html): the device's position, which is asked for when its button is pressed and not
 * before; a point of a map, under a mark that stays in its middle; or coordinates. What is typed stays as it is.
 */

import { say, slot } from "./page.js";
import { openMap } from "./place_map.js";

const SEEK_MS = 15_000;
const SAY_AFTER_MS = 700; // a screen reader is told where the map stands once it stands still
const DIGITS = 5;

/** @type {WeakSet<Element>} */
const awake = new WeakSet();

/**
 * Wake the parts of a page that ask for a place. Safe to call again.
 * @param {ParentNode} [within]
 */
export function placeFields(within = document) {
  for (const root of within.querySelectorAll("[data-place]")) {
    if (awake.has(root)) continue;
    awake.add(root);
    new PlaceField(/** @type {HTMLElement} */ (root));
  }
}

class PlaceField {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    const [lat, lon] = ["lat", "lon"].map((name) => root.querySelector(`[name="${name}"]`));
    this.lat = /** @type {HTMLInputElement} */ (lat);
    this.lon = /** @type {HTMLInputElement} */ (lon);
    /** @type {import("./place_map.js").PlaceMap|null} */
    this.map = null;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.saying = undefined;
    this.#part("ways").hidden = false;
    this.#part("locate").hidden = !navigator.geolocation;
    this.#part("locate").addEventListener("click", () => this.#locate());
    this.#part("open").addEventListener("click", () => this.#toggle());
    this.#part("take").addEventListener("click", () => this.#takeCentre());
    this.#part("drop").addEventListener("click", () => this.#drop());
    for (const input of [this.lat, this.lon]) {
      input.addEventListener("change", () => this.#show());
      input.addEventListener("input", () => this.#show()); // a draft that came back, too
    }
    this.#show();
  }

  /** @param {string} name */
  #part(name) {
    return /** @type {HTMLElement} */ (slot(this.root, name));
  }

  /** @returns {{lat: number, lon: number}|null} */
  get point() {
    const [lat, lon] = [this.lat, this.lon].map((input) => Number.parseFloat(input.value.replace(",", ".")));
    return Number.isFinite(lat) && Number.isFinite(lon) ? { lat, lon } : null;
  }

  /** @param {string} sentence */
  #say(sentence) {
    clearTimeout(this.saying);
    this.#part("said").textContent = sentence;
  }

  /** @param {{lat: number, lon: number}} point */
  #written({ lat, lon }) {
    const [north, east] = [lat, lon].map((degrees) =>
      degrees.toLocaleString(document.documentElement.lang, { maximumFractionDigits: DIGITS }),
    );
    return { lat: north, lon: east };
  }

  /**
   * @param {{lat: number, lon: number}} point
   * @param {number} [metres]  how far it may be wrong
   */
  #take(point, metres) {
    this.lat.value = point.lat.toFixed(DIGITS + 1);
    this.lon.value = point.lon.toFixed(DIGITS + 1);
    this.#told();
    const fields = { ...this.#written(point), metres: String(Math.round(metres ?? 0)) };
    this.#say(say((metres ? this.words.near : this.words.chosen) ?? "", fields));
  }

  #told() {
    this.lat.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** What the page says about the point as it is now. */
  #show() {
    const point = this.point;
    this.#part("drop").hidden = !point;
    if (!point) return;
    this.#say(say(this.words.chosen ?? "", this.#written(point)));
    const centre = this.map?.centre;
    const away = centre && Math.hypot(centre.lat - point.lat, centre.lon - point.lon);
    if (away && away > 1e-5) this.map?.goTo(point.lat, point.lon);
  }

  #drop() {
    this.lat.value = this.lon.value = "";
    this.#told();
    this.#part("drop").hidden = true;
    this.#say(this.words.removed ?? "");
    this.#part("open").focus();
  }

  #locate() {
    const button = this.#part("locate");
    button.setAttribute("aria-busy", "true");
    this.#say(this.words.seeking ?? "");
    const done = () => button.removeAttribute("aria-busy");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        done();
        this.#take({ lat: coords.latitude, lon: coords.longitude }, coords.accuracy);
      },
      () => {
        done();
        this.#say(this.words.denied ?? "");
      },
      { enableHighAccuracy: true, timeout: SEEK_MS, maximumAge: 30_000 },
    );
  }

  async #toggle() {
    const shown = this.#part("map").hidden;
    this.#part("map").hidden = !shown;
    this.#part("open").setAttribute("aria-expanded", String(shown));
    if (!shown) return;
    try {
      this.map ??= await this.#open();
    } catch {
      this.#part("map").hidden = true;
      this.#part("open").setAttribute("aria-expanded", "false");
      this.#say(this.words.noMap ?? "");
      return;
    }
    this.map.resized();
    if (this.point) this.map.goTo(this.point.lat, this.point.lon);
    this.#part("canvas").focus({ preventScroll: true });
    this.#part("map").scrollIntoView({ block: "nearest" });
  }

  #open() {
    return openMap(this.#part("canvas"), {
      moved: (by, how) => this.#moved(by, how),
      entered: () => this.#takeCentre(),
      touched: (lat, lon) => {
        this.#take({ lat, lon });
        this.map?.goTo(lat, lon);
      },
    });
  }

  /**
   * A finger that lets go of the map has chosen; arrow keys come nearer step by step, and Enter chooses.
   * @param {"person"|"page"} by
   * @param {"drag"|"other"} how
   */
  #moved(by, how) {
    if (by === "page" || !this.map) return;
    if (how === "drag") {
      this.#takeCentre();
      return;
    }
    const sentence = say(this.words.moved ?? "", this.#written(this.map.centre));
    clearTimeout(this.saying);
    this.saying = setTimeout(() => this.#say(sentence), SAY_AFTER_MS);
  }

  #takeCentre() {
    if (this.map) this.#take(this.map.centre);
  }
}

placeFields();
