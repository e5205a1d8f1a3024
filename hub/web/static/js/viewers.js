/**
 * Who looks at which ticket, and who writes there: said again every 20 seconds, forgotten when it is not. Never stored.
 *
 * `viewers` is null where there is no desk. One person may have several tabs: each says what it shows, and a tab that
 * shows no ticket makes the others say again what they show.
 */

import { live } from "./client.js";
import { dataOf } from "./page.js";

const SAY_EVERY_MS = 20_000;
const FORGET_AFTER_MS = 45_000;
const LEAVE_AFTER_MS = 1_500; // long enough for another tab of theirs to say that it shows one
const ANSWER_WITHIN_MS = 400;

/** @typedef {""|"internal"|"external"} Writing */

/**
 * @typedef {object} Viewer
 * @property {number} person
 * @property {string} name
 * @property {string} initials
 * @property {Writing} writing
 */

/**
 * @typedef {object} Colleague
 * @property {string} name
 * @property {string} initials
 * @property {number} at  when they were heard last
 * @property {Map<string, {at: number, writing: Writing}>} tickets
 */

class Viewers {
  /**
   * @param {import("./client.js").live} client
   * @param {{topic: string, from: {seq: number, epoch: string}, me: number}} desk
   */
  constructor(client, { topic, from, me }) {
    this.client = client;
    this.topic = topic;
    this.me = me;
    /** @type {string|null} */
    this.number = null;
    /** @type {Writing} */
    this.writing = "";
    /** @type {Map<number, Colleague>} */
    this.people = new Map();
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    client?.read(topic, from, { event: ({ event, payload }) => event === "viewing" && this.#heard(payload) });
    client?.on("state", ({ state }) => state === "online" && this.#say(true));
    setInterval(() => this.#say(), SAY_EVERY_MS);
    setInterval(() => this.#forget(), SAY_EVERY_MS / 4);
    // Before the page lets go of the connection: that listener is on the way down, too.
    addEventListener("pagehide", () => this.open(null), { capture: true });
  }

  /**
   * This page shows that ticket now; none: null.
   * @param {string|null} number
   */
  open(number) {
    if (number === this.number) return;
    const before = this.number;
    Object.assign(this, { number, writing: "" });
    if (before && number) this.#send(null); // or one would seem to look at both
    this.#say();
  }

  /**
   * What the person writes on the ticket that is open.
   * @param {Writing} writing
   */
  write(writing) {
    if (writing === this.writing) return;
    this.writing = writing;
    this.#say();
  }

  /**
   * Hear of every change.
   * @param {() => void} act
   */
  changed(act) {
    this.listeners.add(act);
  }

  /**
   * Who looks at a ticket, this person too.
   * @param {string} number
   * @returns {Viewer[]}
   */
  of(number) {
    const found = [];
    for (const [person, { name, initials, tickets }] of this.people) {
      const seen = tickets.get(number);
      if (seen) found.push({ person, name, initials, writing: seen.writing });
    }
    return found.sort((one, other) => Number(other.person === this.me) - Number(one.person === this.me));
  }

  /**
   * The colleagues whose desk is open.
   * @returns {{person: number, name: string, initials: string}[]}
   */
  here() {
    return [...this.people].map(([person, one]) => ({ person, ...one })).filter(({ person }) => person !== this.me);
  }

  /** @param {boolean} [asks]  others are to say what they show, too */
  #say(asks = false) {
    this.#send(this.number, asks);
  }

  /**
   * @param {string|null} number
   * @param {boolean} [asks]
   */
  #send(number, asks = false) {
    this.client?.command(this.topic, "viewing", { number, writing: number ? this.writing : "", asks });
  }

  /** @param {{person: number, name: string, initials: string, number: string|null, writing: Writing, asks: boolean}} said */
  #heard({ person, name, initials, number, writing, asks }) {
    const at = Date.now();
    const known = this.people.get(person) ?? { tickets: new Map() };
    const colleague = Object.assign(known, { name, initials, at });
    this.people.set(person, colleague);
    if (number) colleague.tickets.set(number, { at, writing });
    else if (colleague.tickets.size) setTimeout(() => this.#left(colleague, at), LEAVE_AFTER_MS);
    if (person !== this.me && asks) setTimeout(() => this.#say(), Math.random() * ANSWER_WITHIN_MS);
    if (person === this.me && !number && this.number) this.#say();
    this.#tell();
  }

  /**
   * They said that they show none: what no tab of theirs has named since is closed.
   * @param {Colleague} colleague
   * @param {number} before
   */
  #left({ tickets }, before) {
    for (const [number, { at }] of tickets) if (at < before) tickets.delete(number);
    this.#tell();
  }

  #forget() {
    const oldest = Date.now() - FORGET_AFTER_MS;
    for (const [person, { at, tickets }] of this.people) {
      for (const [number, seen] of tickets) if (seen.at < oldest) tickets.delete(number);
      if (at < oldest) this.people.delete(person);
    }
    this.#tell();
  }

  #tell() {
    for (const act of this.listeners) act();
  }
}

/** @type {{topic: string, from: {seq: number, epoch: string}, me: number}|null} */
const desk = dataOf("board");
export const viewers = live && desk ? new Viewers(live, desk) : null;
