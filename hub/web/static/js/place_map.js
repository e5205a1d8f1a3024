/**
 * A map, drawn by Leaflet, which is fetched when the first map of a page opens.
 *
 * The element it is drawn in, or one around it, carries `data-map` and its settings (tickets/parts/map_settings.html).
 * Without tiles it shows a plain grid and the points. Arrow keys move it and + and − zoom, as Leaflet does.
 *
 *     const map = await openMap(canvas, { moved, entered, touched });   // to choose a point under a mark in its middle
 *     map.showPoints(points, { open: (point) => … });                   // points that one may open
 */

const STREET_ZOOM = 17;

/**
 * @typedef {object} Point
 * @property {string} number
 * @property {string} title
 * @property {number} lat
 * @property {number} lon
 * @property {string} url
 */

/**
 * @typedef {object} Wishes
 * @property {(by: "person"|"page", how: "drag"|"other") => void} [moved]  it stands elsewhere
 * @property {() => void} [entered]  Enter, while the map has the focus
 * @property {(lat: number, lon: number) => void} [touched]  a place on it
 * @property {boolean} [points]  false: the settings' points are not drawn
 */

/** @type {Promise<any>|null} */
let leaflet = null;

/**
 * @param {DOMStringMap} settings
 * @returns {Promise<any>} Leaflet itself; rejects when it can't be fetched
 */
function fetchLeaflet(settings) {
  leaflet ??= Promise.all([
    added(Object.assign(document.createElement("link"), { rel: "stylesheet", href: settings.leafletCss })),
    added(Object.assign(document.createElement("script"), { src: settings.leafletJs })),
  ]).then(() => /** @type {any} */ (globalThis).L);
  leaflet.catch(() => (leaflet = null)); // the network may be back the next time
  return leaflet;
}

/** @param {HTMLElement} element */
function added(element) {
  return new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = () => {
      element.remove();
      reject(new Error("leaflet"));
    };
    document.head.append(element);
  });
}

/**
 * @param {HTMLElement} canvas
 * @param {Wishes} [wishes]
 * @returns {Promise<PlaceMap>}
 */
export async function openMap(canvas, wishes = {}) {
  const holder = /** @type {HTMLElement} */ (canvas.closest("[data-map]"));
  return new PlaceMap(await fetchLeaflet(holder.dataset), canvas, holder.dataset, wishes);
}

export class PlaceMap {
  /**
   * @param {any} L
   * @param {HTMLElement} canvas
   * @param {DOMStringMap} settings
   * @param {Wishes} wishes
   */
  constructor(L, canvas, settings, wishes) {
    this.L = L;
    this.wishes = wishes;
    this.dragged = false; // whether a finger moved it last
    this.told = false; // whether the page itself moves it
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map = L.map(canvas, {
      center: [Number(settings.lat), Number(settings.lon)],
      zoom: Number(settings.zoom),
      maxZoom: 19,
      zoomControl: false,
      scrollWheelZoom: false, // the page scrolls
      zoomAnimation: !still,
      fadeAnimation: !still,
      inertia: !still,
      worldCopyJump: true,
    });
    this.map.attributionControl.setPrefix(false);
    const zoom = L.control.zoom({ zoomInTitle: settings.zoomIn, zoomOutTitle: settings.zoomOut }).addTo(this.map);
    zoom.getContainer().classList.add("place-map__zoom");
    this.#ground(settings).addTo(this.map);
    this.points = L.layerGroup().addTo(this.map);
    if (wishes.points !== false) this.drawPoints(JSON.parse(settings.points || "[]"));
    this.#listen(canvas);
  }

  /** @param {DOMStringMap} settings */
  #ground(settings) {
    if (settings.tiles) {
      const { attribution } = settings;
      return this.L.tileLayer(settings.tiles, { attribution, maxZoom: 19, referrerPolicy: "strict-origin" });
    }
    const grid = this.L.gridLayer({ maxZoom: 19, tileSize: 128 });
    grid.createTile = () => Object.assign(document.createElement("div"), { className: "place-map__square" });
    return grid;
  }

  /** @param {HTMLElement} canvas */
  #listen(canvas) {
    this.map.on("dragend", () => {
      this.dragged = true;
    });
    this.map.on("moveend", () => {
      const how = this.dragged ? "drag" : "other";
      const by = this.told ? "page" : "person";
      this.dragged = this.told = false;
      this.wishes.moved?.(by, how);
    });
    this.map.on("click", (/** @type {any} */ event) => {
      const { lat, lng } = event.latlng.wrap();
      this.wishes.touched?.(lat, lng);
    });
    canvas.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== canvas) return;
      event.preventDefault(); // it would send the form around
      this.wishes.entered?.();
    });
  }

  /** Where its middle is. */
  get centre() {
    const { lat, lng } = this.map.getCenter().wrap();
    return { lat, lon: lng };
  }

  /**
   * @param {number} lat
   * @param {number} lon
   * @param {number} [zoom]
   */
  goTo(lat, lon, zoom = Math.max(STREET_ZOOM, this.map.getZoom())) {
    this.told = true;
    this.map.setView([lat, lon], zoom);
  }

  /** Its element has another size, or is seen again. */
  resized() {
    this.told = true;
    this.map.invalidateSize({ pan: false });
    this.told = false; // it told at once, or had nothing to tell
  }

  /**
   * Dots that only show where something is; the list beside the map says what.
   * @param {Point[]} points
   */
  drawPoints(points) {
    for (const { lat, lon } of points) {
      const dot = { className: "place-map__dot", radius: 7, interactive: false };
      this.points.addLayer(this.L.circleMarker([lat, lon], dot));
    }
  }

  /**
   * Marks in place of the dots, which keyboard and pointer reach and `open` opens; the map shows them all.
   * @param {Point[]} points
   * @param {{open: (point: Point) => void}} what
   */
  showPoints(points, { open }) {
    this.points.clearLayers();
    for (const point of points) this.points.addLayer(this.#mark(point, open));
    if (points.length === 0) return;
    this.told = true;
    this.map.fitBounds(points.map(({ lat, lon }) => [lat, lon]), { padding: [32, 32], maxZoom: STREET_ZOOM });
  }

  /**
   * @param {Point} point
   * @param {(point: Point) => void} open
   */
  #mark(point, open) {
    const icon = this.L.divIcon({ className: "place-map__mark", iconSize: [44, 44], iconAnchor: [22, 22] });
    const mark = this.L.marker([point.lat, point.lon], { icon, title: point.title, riseOnHover: true });
    mark.on("add", () => mark.getElement().setAttribute("aria-label", `${point.number}, ${point.title}`));
    mark.on("click keypress", (/** @type {any} */ event) => {
      if (event.type === "click" || event.originalEvent.key === "Enter") open(point);
    });
    return mark;
  }
}
