/**
 * The meter under an SMS, told again as one types: `hub/deliveries/meter.py` in the browser, to which a test holds it.
 *
 * @typedef {Record<string, string>} Words  sentences with their fields
 * @typedef {{how: "simple"|"bare", text: string, label: string, keep: string, segments: number}} Offer
 * @typedef {import("./sms_text.js").Measure} Measure
 * @typedef {{measure: Measure, sentence: string, characters: string, bars: [number, number, string][],
 *   offer: Offer|null}} Told
 */

import { measure, plain } from "./sms_text.js";

/**
 * @param {string} sentence
 * @param {Record<string, string|number>} fields
 */
const say = (sentence, fields) => sentence.replace(/\{(\w+)\}/g, (whole, name) => String(fields[name] ?? whole));

/** @param {string} letter */
const shows = (letter) => plain(letter).trim() !== "";

/**
 * @param {string} text
 * @param {Words} words
 * @param {{each?: Record<string, string>, locale?: string}} [money]  what one SMS to everybody costs, by currency
 * @returns {Told}
 */
export function read(text, words, { each = {}, locale = "fr-FR" } = {}) {
  const measured = measure(text);
  const offer = offerOf(text, measured, words);
  const { fills, room } = measured;
  const cost = costOf(measured, offer, words, each, locale);
  const count = [...text].length;
  return {
    measure: measured,
    sentence: `${sentenceOf(measured, offer, words)} ${cost}`.trim(),
    characters: say(count === 1 ? words.character : words.characters, { count }),
    bars: fills.map((fill, at) => [fill, room, say(words.bar, { number: at + 1, fill, room })]),
    offer,
  };
}

/**
 * @param {string} text
 * @param {Measure} measured
 * @param {Words} words
 * @returns {Offer|null}
 */
function offerOf(text, { costly, segments }, words) {
  if (!costly.length) return null;
  const [simple, bare] = [plain(text), plain(text, { strip: true })];
  const [simply, barely] = [measure(simple), measure(bare)];
  if (Math.min(simply.segments, barely.segments) >= segments) return null;
  const { letter } = costly[0];
  const several = new Set(costly.map((one) => one.letter)).size > 1;
  const keep = say(several || !shows(letter) ? words.keep_all : words.keep, { letter });
  if (simply.segments <= barely.segments) {
    const label = say(words.simple, { count: simply.segments });
    return { how: "simple", text: simple, label, keep, segments: simply.segments };
  }
  const lost = simply.costly.some((one) => !plain(one.letter, { strip: true }));
  const label = say(lost ? words.bare : words.plain, { count: barely.segments });
  return { how: "bare", text: bare, label, keep, segments: barely.segments };
}

/**
 * @param {Measure} measured
 * @param {Offer|null} offer
 * @param {Words} words
 */
function sentenceOf(measured, offer, words) {
  const count = measured.segments;
  if (!offer) return say(!count ? words.none : count === 1 ? words.one : words.many, { count });
  const form = offer.segments === 1 ? words.than_one : words.than_many;
  return say(form, { count, fewer: offer.segments, why: why(measured, words) });
}

/**
 * @param {Measure} measured
 * @param {Words} words
 */
function why({ costly }, words) {
  const [first] = costly;
  const form = !shows(first.letter) ? words.space : first.word === first.letter ? words.sign : words.letter;
  const said = say(form, first);
  const others = new Set(costly.map((one) => one.letter)).size - 1;
  return others ? say(others === 1 ? words.and_one : words.and_many, { why: said, others }) : said;
}

/**
 * @param {Measure} measured
 * @param {Offer|null} offer
 * @param {Words} words
 * @param {Record<string, string>} each
 * @param {string} locale
 */
function costOf({ segments }, offer, words, each, locale) {
  if (!Object.keys(each).length || !segments) return "";
  const money = (/** @type {number} */ times) => {
    const sums = Object.keys(each).sort().map((currency) =>
      new Intl.NumberFormat(locale, { style: "currency", currency }).format(Number(each[currency]) * times));
    const last = sums.pop() ?? "";
    return sums.length ? say(words.and, { first: sums.join(", "), second: last }) : last;
  };
  const cost = money(segments);
  return offer ? say(words.costs_less, { cost, less: money(offer.segments) }) : say(words.costs, { cost });
}

class Meter {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.text = /** @type {HTMLTextAreaElement} */ (root.querySelector("textarea"));
    this.words = this.#data("sms-words");
    this.money = { each: this.#data("sms-each"), locale: this.#slot("meter").dataset.locale };
    this.kept = ""; // the letters that one wants to keep, whatever they cost
    this.text.addEventListener("input", () => this.show());
    root.addEventListener("each", (event) => {
      this.money.each = /** @type {CustomEvent} */ (event).detail ?? {}; // other people are to have it
      this.show();
    });
    this.#slot("plain").addEventListener("click", (event) => this.#write(event));
    this.#slot("keep").addEventListener("click", () => this.#keep());
    this.show();
  }

  /** @param {string} name */
  #slot(name) {
    return /** @type {HTMLElement} */ (this.root.querySelector(`[data-slot="${name}"]`));
  }

  /** @param {string} id */
  #data(id) {
    return JSON.parse(this.root.querySelector(`script[id^="${id}"]`)?.textContent ?? "{}"); // of this meter alone
  }

  /** Only what has changed is written: a reader of screens says it once. */
  show() {
    const told = read(this.text.value, this.words, this.money);
    this.told = told;
    const bars = this.#slot("bars");
    bars.classList.toggle("segments--cost", told.offer !== null);
    while (bars.children.length > told.bars.length) bars.lastElementChild?.remove();
    told.bars.forEach(([fill, room, words], at) => this.#bar(bars, at, fill, room, words));
    if (this.#slot("sentence").textContent !== told.sentence) this.#slot("sentence").textContent = told.sentence;
    this.#slot("count").textContent = told.characters;
    this.#offer(told.offer);
  }

  /**
   * @param {HTMLElement} bars
   * @param {number} at
   * @param {number} fill
   * @param {number} room
   * @param {string} words
   */
  #bar(bars, at, fill, room, words) {
    let bar = bars.children[at];
    if (!bar) {
      bar = document.createElement("span");
      bar.append(document.createElement("progress"), document.createElement("small"));
      bar.lastElementChild?.classList.add("num");
      bars.append(bar);
    }
    const progress = /** @type {HTMLProgressElement} */ (bar.querySelector("progress"));
    [progress.max, progress.value] = [room, fill];
    /** @type {HTMLElement} */ (bar.querySelector("small")).textContent = words;
  }

  /** @param {Offer|null} offer */
  #offer(offer) {
    this.#slot("offer").hidden = !offer || this.#letters() === this.kept;
    if (!offer) return;
    const plainly = /** @type {HTMLButtonElement} */ (this.#slot("plain"));
    [plainly.textContent, plainly.value] = [offer.label, offer.how];
    [this.#slot("keep").textContent, this.#slot("keep").hidden] = [offer.keep, false];
  }

  #letters() {
    return [...new Set(this.told?.measure.costly.map((one) => one.letter))].sort().join("");
  }

  /** @param {Event} event */
  #write(event) {
    event.preventDefault();
    if (!this.told?.offer) return;
    this.text.value = this.told.offer.text;
    this.text.focus();
    this.text.dispatchEvent(new Event("input", { bubbles: true })); // whoever else follows the text
  }

  #keep() {
    this.kept = this.#letters();
    this.text.focus();
    this.show();
  }
}

if (typeof document !== "undefined") {
  for (const root of document.querySelectorAll("[data-sms-meter]")) new Meter(/** @type {HTMLElement} */ (root));
}
