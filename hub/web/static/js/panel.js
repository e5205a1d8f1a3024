/**
 * One ticket at the desk: its parts are taken anew when something happens to it; forms answer in place; what is being
 * written stays, whatever happens around it.
 *
 * The board says with a `panel` event on the document which ticket stands beside it. Who else looks at it comes as a
 * `viewers` event ({number, people: [{name, initials, writing}]}); that somebody writes here leaves as `writing`.
 */

import { live } from "./client.js";
import { say, slot } from "./page.js";

const TOGETHER_MS = 150;
const WRITING_STOPS_MS = 8_000;
const PARTS = ["panel-head", "panel-tabs", "panel-body"];

class Panel {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.address = "";
    this.number = "";
    /** @type {Record<string, string>} */
    this.words = {};
    this.renewing = 0;
    this.stopsWriting = 0;
    /** @type {Set<string>} */
    this.reading = new Set();
    element.addEventListener("submit", (event) => this.#submit(/** @type {SubmitEvent} */ (event)));
    element.addEventListener("click", (event) => this.#click(event));
    element.addEventListener("change", (event) => this.#changed(event));
    element.addEventListener("input", (event) => this.#wrote(event));
    element.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("panel", (event) => this.#opened(/** @type {CustomEvent} */ (event).detail));
    document.addEventListener("viewers", (event) => this.#seen(/** @type {CustomEvent} */ (event).detail));
    if (!element.hidden) this.wake(location.pathname + location.search);
  }

  /** @param {{number: string|null}} opened */
  #opened({ number }) {
    if (number) this.wake(location.pathname + location.search);
    else this.number = "";
  }

  /**
   * A ticket stands here now.
   * @param {string} address
   */
  wake(address) {
    const data = this.element.querySelector("#panel-live");
    if (!data) return;
    const { number, topics, words } = JSON.parse(data.textContent ?? "{}");
    this.address = address;
    this.number = number;
    this.words = words;
    for (const [topic, from] of Object.entries(topics)) {
      if (!live || this.reading.has(topic)) continue;
      this.reading.add(topic);
      const renew = () => topic.split(".")[1] === this.number && this.#soon();
      live.read(topic, /** @type {{seq: number, epoch: string}} */ (from), { event: renew, reset: renew });
    }
    this.#restore();
    this.#show();
    const body = this.element.querySelector('[data-part="panel-body"][data-tab="suivis"]');
    if (body) body.scrollTop = body.scrollHeight; // the last words are what one comes for
  }

  get reply() {
    return /** @type {HTMLFormElement|null} */ (this.element.querySelector("form.reply"));
  }

  get field() {
    return /** @type {HTMLTextAreaElement|null} */ (this.reply?.elements.namedItem("body") ?? null);
  }

  // What happened elsewhere.

  #soon() {
    clearTimeout(this.renewing);
    this.renewing = window.setTimeout(() => this.renew(), TOGETHER_MS);
  }

  /** Take the ticket's parts anew; what is written stays. */
  async renew(address = this.address) {
    const number = this.number;
    try {
      const response = await fetch(fragmentOf(address), { headers: { Accept: "text/html" } });
      if (response.ok && number === this.number) this.#replace(await response.text());
    } catch {
      // Without a network: the next event, or coming back, takes it anew.
    }
  }

  /**
   * @param {string} html
   * @param {boolean} [whole]  the place where one writes as well
   */
  #replace(html, whole = false) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const body = this.element.querySelector('[data-part="panel-body"]');
    const atEnd = body ? body.scrollHeight - body.scrollTop - body.clientHeight < 60 : false;
    const before = body?.scrollTop ?? 0;
    const open = this.element.querySelector("details.menu[open]");
    for (const name of PARTS) {
      if (name === "panel-head" && open) continue;
      const [mine, theirs] = [this.element, fresh].map((root) => root.querySelector(`[data-part="${name}"]`));
      if (mine && theirs && !this.#inUse(mine)) mine.replaceWith(document.importNode(theirs, true));
    }
    const writes = fresh.querySelector("form.reply, div.reply");
    const mine = this.element.querySelector("form.reply, div.reply");
    if (whole) {
      mine?.remove();
      if (writes) this.element.querySelector("#panel-live")?.before(document.importNode(writes, true));
    } else if (!writes) mine?.remove();
    const renewed = this.element.querySelector('[data-part="panel-body"]');
    if (renewed) renewed.scrollTop = atEnd ? renewed.scrollHeight : before;
    this.#show();
  }

  /**
   * Somebody chooses or types in it just now.
   * @param {Element} part
   */
  #inUse(part) {
    const active = document.activeElement;
    return part.contains(active) && active instanceof HTMLElement && active.matches("input, select, textarea");
  }

  // What happens here.

  /** @param {SubmitEvent} event */
  #submit(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const reply = form === this.reply;
    if (!reply && !form.matches("[data-live]")) return;
    event.preventDefault();
    const said = new FormData(form, event.submitter ?? undefined);
    this.#post(form, said, reply);
  }

  /**
   * @param {HTMLFormElement} form
   * @param {FormData} said
   * @param {boolean} reply
   */
  async #post(form, said, reply) {
    const button = /** @type {HTMLButtonElement|null} */ (form.querySelector("button[type=submit], .btn--primary"));
    if (button) button.disabled = true;
    try {
      const response = await fetch(fragmentOf(form.getAttribute("action") ?? this.address), {
        method: "POST", body: said, headers: { Accept: "text/html" },
      });
      const html = await response.text();
      if (!html.includes('id="panel-live"') && !html.includes("data-part=\"panel-head\"")) throw new Error(html.slice(0, 80));
      if (reply && response.ok) this.#forget();
      form.closest("details.menu")?.removeAttribute("open");
      const chosen = reply && !response.ok ? fileInput(form) : null;
      this.#replace(html, reply || !response.ok);
      if (chosen) this.#chooseAgain(chosen);
      if (!reply) this.#restore(); // what was being written beside it
      if (response.ok) announce(reply ? this.words.sent : "");
      if (reply) this.field?.focus();
      if (!response.ok) this.#pointOut();
      if (form.matches('[action$="/favori/"]')) this.renew();
    } catch {
      this.#failed();
    } finally {
      if (button) button.disabled = false;
    }
  }

  /**
   * What was refused comes back without its files: they are still chosen here.
   * @param {HTMLInputElement} chosen
   */
  #chooseAgain(chosen) {
    if (!this.reply || !chosen.files?.length) return;
    fileInput(this.reply)?.replaceWith(chosen);
    slot(this.reply, "files-lost")?.remove();
    this.#named(chosen);
  }

  /** On a phone what was refused may stand below the fold. */
  #pointOut() {
    this.element.querySelector('.banner[role="alert"]:not([hidden]), .banner > [role="alert"]')?.scrollIntoView({ block: "center" });
  }

  #failed() {
    const banner = this.reply && slot(this.reply, "failed");
    if (!banner) return;
    banner.hidden = false;
    const why = slot(banner, "why");
    if (why) why.textContent = this.words.kept;
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const pressed = /** @type {HTMLElement} */ (event.target);
    if (pressed.closest("[data-mend]")) {
      event.preventDefault();
      return void this.field?.focus();
    }
    const link = /** @type {HTMLAnchorElement|null} */ (pressed.closest("a.tab"));
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const address = new URL(/** @type {HTMLAnchorElement} */ (link).href);
    this.address = address.pathname + address.search;
    history.replaceState(history.state, "", this.address);
    this.#openTab();
  }

  async #openTab() {
    const response = await fetch(fragmentOf(this.address), { headers: { Accept: "text/html" } });
    if (!response.ok) return;
    this.#replace(await response.text(), true);
    this.#restore();
    const current = /** @type {HTMLElement|null} */ (this.element.querySelector("a.tab[aria-current]"));
    current?.focus();
  }

  /** @param {Event} event */
  #changed(event) {
    const field = /** @type {HTMLElement} */ (event.target);
    const form = field.closest("form");
    if (form?.matches("[data-auto]") && field.matches("select")) form.requestSubmit();
    else if (field.matches('[data-slot="canned"]')) this.#insert(/** @type {HTMLSelectElement} */ (field));
    else if (field.matches('[type="file"]')) this.#named(/** @type {HTMLInputElement} */ (field));
    if (field.matches('[name="mode"]')) {
      this.#show();
      this.#keep();
      if (this.field?.value.trim()) this.#writes();
    }
  }

  /** @param {HTMLSelectElement} select */
  #insert(select) {
    const chosen = select.selectedOptions[0];
    const english = /** @type {HTMLTextAreaElement|null} */ (this.reply?.elements.namedItem("body_en") ?? null);
    if (this.field && chosen?.dataset.body) {
      const start = this.field.value.trim();
      this.field.value = start ? `${start}\n\n${chosen.dataset.body}` : chosen.dataset.body;
      if (english && chosen.dataset.bodyEn) english.value = chosen.dataset.bodyEn;
    }
    select.value = "";
    this.#show();
    this.#keep();
    this.field?.focus();
  }

  /** @param {HTMLInputElement} input */
  #named(input) {
    const place = this.reply && slot(this.reply, "files");
    if (place) place.textContent = [...(input.files ?? [])].map((file) => file.name).join(", ");
  }

  /** @param {Event} event */
  #wrote(event) {
    if (event.target !== this.field) return;
    this.#show();
    this.#keep();
    this.#writes();
  }

  #writes() {
    const mode = new FormData(/** @type {HTMLFormElement} */ (this.reply)).get("mode");
    this.#tellWriting(mode === "external" ? "external" : "internal");
    clearTimeout(this.stopsWriting);
    this.stopsWriting = window.setTimeout(() => this.#tellWriting(""), WRITING_STOPS_MS);
  }

  /** @param {string} writing */
  #tellWriting(writing) {
    document.dispatchEvent(new CustomEvent("writing", { detail: { number: this.number, writing } }));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target === this.field) {
      event.preventDefault();
      this.reply?.requestSubmit();
    }
  }

  /** « Ce que le citoyen verra ». */
  #show() {
    const place = this.reply && slot(this.reply, "preview");
    if (place && this.field) place.textContent = this.field.value;
  }

  // What is being written is kept on this device.

  get #draft() {
    return `parvis-follow-up-${live?.settings.person ?? 0}-${this.number}`;
  }

  #keep() {
    if (!this.field) return;
    if (!this.field.value.trim()) localStorage.removeItem(this.#draft);
    else {
      const mode = new FormData(/** @type {HTMLFormElement} */ (this.reply)).get("mode");
      localStorage.setItem(this.#draft, JSON.stringify({ text: this.field.value, mode }));
    }
  }

  #restore() {
    const kept = localStorage.getItem(this.#draft);
    if (!kept || !this.field || this.field.value) return;
    const { text, mode } = JSON.parse(kept);
    this.field.value = text;
    const radio = this.reply?.querySelector(`[name="mode"][value="${mode}"]`);
    if (radio) /** @type {HTMLInputElement} */ (radio).checked = true;
    this.#show();
  }

  #forget() {
    localStorage.removeItem(this.#draft);
    this.#tellWriting("");
  }

  // Who else is here.

  /** @param {{number: string, people: {name: string, initials: string, writing: string}[]}} seen */
  #seen({ number, people }) {
    const place = slot(this.element, "viewers");
    if (!place || number !== this.number) return;
    const lines = people.map(({ name, writing }) => say(this.words[writing ? `writes_${writing}` : "reads"], { name }));
    place.hidden = lines.length === 0;
    const text = lines.join(" · ");
    if (place.textContent !== text) place.textContent = text;
  }
}

/**
 * @param {HTMLFormElement} form
 * @returns {HTMLInputElement|null}
 */
function fileInput(form) {
  return form.querySelector('input[type="file"]');
}

/** @param {string} address */
function fragmentOf(address) {
  const url = new URL(address, location.href);
  url.searchParams.set("fragment", "1");
  return url.pathname + url.search;
}

/** @param {string} words */
function announce(words) {
  const place = document.querySelector('[data-part="told"]');
  if (place && words) place.textContent = words;
}

const element = document.getElementById("panel");
if (element) new Panel(element);
