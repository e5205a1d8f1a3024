/** Times, days and sizes as the reader's language and the town write them, in the town's zone. */

import { say } from "./page.js";

const NBSP = "\u00a0";
const DAY_MS = 86_400_000;

/**
 * @typedef {object} TimeWords
 * @property {string} today  « Aujourd’hui, {day} »
 * @property {string} yesterday  « Hier, {day} »
 * @property {string} yesterday_alone  « Hier »
 * @property {string[]} units  of sizes: bytes, thousands, millions
 */

export class Times {
  /**
   * @param {string} locale  BCP 47
   * @param {string} zone  IANA
   * @param {TimeWords} words
   */
  constructor(locale, zone, words) {
    this.locale = locale;
    this.words = words;
    this.french = locale.startsWith("fr");
    const format = (/** @type {Intl.DateTimeFormatOptions} */ options, name = locale) =>
      new Intl.DateTimeFormat(name, { timeZone: zone, ...options });
    this.isoDay = format({ year: "numeric", month: "2-digit", day: "2-digit" }, "sv");
    this.hours = format({ hour: "numeric", minute: "2-digit" });
    this.frenchHours = format({ hour: "numeric", minute: "2-digit", hourCycle: "h23" }, "fr");
    this.longDay = format({ weekday: "long", day: "numeric", month: "long" });
    this.longDayAndYear = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
    this.weekday = format({ weekday: "short" });
    this.shortDay = format({ day: "numeric", month: "short" });
  }

  /**
   * « 14 h 30 », « 9 h »; in English as the country writes it.
   * @param {Date} at
   */
  clock(at) {
    if (!this.french) return this.hours.format(at).replace("\u202f", NBSP);
    const parts = this.frenchHours.formatToParts(at);
    const value = (/** @type {string} */ type) => parts.find((part) => part.type === type)?.value ?? "";
    const [hour, minute] = [String(Number(value("hour"))), value("minute")];
    return minute === "00" ? `${hour}${NBSP}h` : `${hour}${NBSP}h${NBSP}${minute}`;
  }

  /**
   * 2026-11-22: the day there.
   * @param {Date} at
   */
  iso(at) {
    return this.isoDay.format(at);
  }

  /**
   * « Aujourd’hui, dimanche 22 novembre », « Hier, … », « Vendredi 20 novembre ».
   * @param {Date} at
   */
  day(at) {
    const now = new Date();
    const day = this.iso(at);
    const sameYear = day.slice(0, 4) === this.iso(now).slice(0, 4);
    let written = (sameYear ? this.longDay : this.longDayAndYear).format(at);
    if (this.french) written = written.replace(/ 1 /, " 1er ");
    if (day === this.iso(now)) return say(this.words.today, { day: written });
    if (day === this.iso(new Date(now.getTime() - DAY_MS))) return say(this.words.yesterday, { day: written });
    return capital(written);
  }

  /**
   * The shortest that tells when: « 14 h 32 », « Hier », « Ven. », « 12 nov. ».
   * @param {Date} at
   */
  brief(at) {
    const now = Date.now();
    const age = Math.round((Date.parse(this.iso(new Date(now))) - Date.parse(this.iso(at))) / DAY_MS);
    if (age <= 0) return this.clock(at);
    if (age === 1) return this.words.yesterday_alone;
    return age < 7 ? capital(this.weekday.format(at)) : this.shortDay.format(at);
  }

  /**
   * « 182 Ko », « 1,4 Mo ».
   * @param {number} bytes
   */
  size(bytes) {
    let [value, unit] = [bytes, 0];
    while (value >= 999.5 && unit < this.words.units.length - 1) [value, unit] = [value / 1000, unit + 1];
    const digits = unit && value < 9.95 ? 1 : 0;
    return `${value.toLocaleString(this.locale, { maximumFractionDigits: digits })}${NBSP}${this.words.units[unit]}`;
  }
}

/** @param {string} text */
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
