/** An alert is written: it keeps itself, its figures follow, a danger brings its words, a zone is drawn. */

import { dataOf, renew, slot } from "./page.js";
import { ZoneMap } from "./zone_map.js";

const SAVE_AFTER_MS = 700;
const PARTS = ["error", "homes", "n-voice", "n-sms", "n-email", "n-push", "sum", "saved"];
const TEXTS = ["title", "body", "sms", "voice"];

/** @typedef {Record<string, Record<string, Record<string, string>>>} Ready  by language, danger, text */

const data = dataOf("compose");
/** @type {Ready} */
const ready = data.ready;
const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-compose]"));
form.classList.add("is-live");

/** @param {string} name */
const field = (name) => /** @type {HTMLInputElement|null} */ (form.elements.namedItem(name));
/** @param {string} name */
const boxes = (name) => /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll(`[name="${name}"]`)]);
/** @param {string} name */
const chosen = (name) => String(new FormData(form).get(name) ?? "");
/** @param {string} name */
const part = (name) => slot(form, name);

// It keeps itself.

let timer = 0;
let saving = false;
let again = false;

/** @param {string} [act] */
async function save(act) {
  clearTimeout(timer);
  timer = 0;
  if (saving) return void (again = true);
  saving = true;
  const body = new FormData(form);
  if (act) body.set("act", act);
  const address = form.getAttribute("action") ?? "";
  const headers = { "X-Requested-With": "fetch" };
  const answer = await fetch(address, { method: "POST", body, headers }).catch(() => null);
  const page = answer && (await answer.text().catch(() => ""));
  saving = false;
  if (page?.includes("data-part")) take(new DOMParser().parseFromString(page, "text/html"));
  else tell(answer ? data.words.unsaved : data.words.offline);
  if (again) {
    again = false;
    save();
  }
}

/** @param {Document} fresh */
function take(fresh) {
  for (const name of PARTS) renew(fresh, name);
  const url = /** @type {HTMLDataElement|null} */ (fresh.querySelector('[data-part="url"]'))?.value;
  if (url && url !== form.getAttribute("action")) {
    form.setAttribute("action", url);
    history.replaceState(history.state, "", url);
  }
  for (const meter of form.querySelectorAll("[data-sms-meter]")) {
    const detail = dataOf(`fresh-each${meter.getAttribute("data-sms-meter")}`, fresh);
    meter.dispatchEvent(new CustomEvent("each", { detail }));
  }
}

/** @param {string} words */
function tell(words) {
  const saved = document.querySelector('[data-part="saved"]');
  if (saved) saved.textContent = words;
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(save, SAVE_AFTER_MS);
}

document.addEventListener("input", ({ target }) => {
  const input = /** @type {HTMLInputElement} */ (target);
  if (input.form !== form || !input.name) return;
  show();
  later();
});

form.addEventListener("submit", (event) => {
  const button = /** @type {HTMLButtonElement|null} */ (event.submitter);
  if (button?.name !== "act" || button.value !== "try") return void clearTimeout(timer);
  event.preventDefault();
  save("try");
});

// A danger brings its words, where nothing of one's own stands.

for (const box of boxes("danger")) {
  box.addEventListener("change", () => {
    for (const [language, dangers] of Object.entries(ready)) {
      for (const text of TEXTS) fill(`${text}_${language}`, dangers[box.value][text], Object.values(dangers).map((one) => one[text]));
    }
  });
}

/**
 * @param {string} name
 * @param {string} words
 * @param {string[]} known
 */
function fill(name, words, known) {
  const input = field(name);
  if (!input || (input.value.trim() && !known.map((one) => one.trim()).includes(input.value.trim()))) return;
  input.value = words;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

// Where.

const whole = boxes("whole")[0];
const parts = ["zones", "register", "streets", "services"];
form.addEventListener("change", ({ target }) => {
  const input = /** @type {HTMLInputElement} */ (target);
  if (!whole || whole.type !== "checkbox") return;
  if (input === whole && whole.checked) {
    for (const box of parts.flatMap(boxes)) box.checked = false;
    const points = field("points");
    if (points) points.value = "";
    points?.dispatchEvent(new Event("input", { bubbles: true }));
  } else if ((parts.includes(input.name) && input.checked) || (input.name === "points" && input.value.trim())) {
    whole.checked = false;
  }
  show();
  later();
});

if (part("zone-map")) {
  const map = new ZoneMap(form, data);
  const draw = /** @type {HTMLButtonElement} */ (part("draw"));
  const chooseZones = () => map.choose(boxes("zones").filter((box) => box.checked).map((box) => box.value));
  draw.hidden = false;
  draw.addEventListener("click", () => {
    map.draw(!map.drawing);
    draw.setAttribute("aria-expanded", String(map.drawing));
  });
  for (const box of [...boxes("zones"), whole]) box.addEventListener("change", chooseZones);
  map.open().then(chooseZones);
}

const finder = part("finder");
if (finder) {
  finder.hidden = false;
  const plain = (/** @type {string} */ words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  finder.addEventListener("input", ({ target }) => {
    const words = plain(/** @type {HTMLInputElement} */ (target).value).split(/\s+/);
    for (const box of boxes("streets")) {
      const label = /** @type {HTMLElement} */ (box.closest("label"));
      label.hidden = !box.checked && !words.every((word) => plain(box.value).includes(word));
    }
  });
}

// What is of no use now stands aside.

function show() {
  const theme = /** @type {HTMLElement|null} */ (form.querySelector("[data-theme-field]"));
  if (theme) theme.hidden = chosen("scope") !== "theme";
  const hours = part("later");
  if (hours) hours.hidden = chosen("when") !== "later";
  document.querySelector("[data-watch]")?.classList.toggle("watch--real", chosen("mode") !== "exercise");
  const english = part("english");
  const written = field("title_en")?.value.trim() && field("body_en")?.value.trim();
  const words = written ? data.words.english_ready : data.words.english_empty;
  if (english && english.textContent !== words) english.textContent = words;
}

show();

// What was pressed before this script was there; a browser that comes back keeps it too.
if (form.dataset.compose === "new") {
  for (const box of [...boxes("danger"), ...parts.flatMap(boxes)]) {
    if (box.checked) box.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
