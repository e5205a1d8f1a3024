/**
 * A page's end of the hub: shared with the other tabs where the browser has shared workers, else the page's own.
 *
 * `live` is null for who is not signed in.
 */

import { dataOf } from "./page.js";

const HELLO_WITHIN_MS = 4_000;

/** @typedef {import("./socket.js").State} State */
/** @typedef {import("./socket.js").Frame} Frame */
/** @typedef {import("./store.js").Unsent} Unsent */

/**
 * @typedef {object} Settings  what the page says of the person and of addresses
 * @property {number} person
 * @property {string} socket
 * @property {string} worker
 * @property {string} me
 * @property {{seq: number, epoch: string}} inbox  where the inbox stood when the page was made
 * @property {number} unread  how many messages waited then
 * @property {number} notifications  how many notifications were unread then
 * @property {string[]} kinds  which kinds of news the person wants on the site
 * @property {Record<string, {seq: number, epoch: string}>} towns  where their towns' topics stood then
 */

/**
 * @typedef {object} Reader  what a page does with a topic
 * @property {(frame: Frame) => void} event
 * @property {() => void} [reset]  events were missed for good: load everything anew
 * @property {(why: {code: string, message: string}) => void} [closed]  no longer open to this person
 */

/** The hub refused, or there was no connection: `code` and a sentence. */
export class Refused extends Error {
  /** @param {{code: string, message: string}} error */
  constructor({ code, message }) {
    super(message);
    this.code = code;
  }
}

/**
 * A lock that this page holds as long as it lives: who gets it next knows that the page is gone.
 * @returns {Promise<string|null>} its name, once it is held
 */
function holdLife() {
  if (!navigator.locks) return Promise.resolve(null);
  const name = `parvis-page-${Date.now()}-${Math.random()}`;
  return new Promise((resolve) => {
    navigator.locks.request(name, () => {
      resolve(name);
      return new Promise(() => {});
    });
  });
}

class Client {
  /** @param {Settings} settings */
  constructor(settings) {
    this.settings = settings;
    /** @type {State} */
    this.state = "connecting";
    /** @type {Unsent[]} */
    this.unsent = [];
    this.nextId = 1;
    /** @type {Map<number, {asked: any, resolve: (answer: any) => void, reject: (error: Error) => void}>} */
    this.waiting = new Map();
    /** @type {Map<string, Set<Reader>>} */
    this.readers = new Map();
    this.events = new EventTarget();
    this.life = holdLife();
    this.#connect();
    this.#watchPage();
  }

  #connect() {
    if (typeof SharedWorker !== "function") {
      this.#useOwnHub();
      return;
    }
    const { worker, person, socket, me } = this.settings;
    const shared = new SharedWorker(worker, { type: "module", name: JSON.stringify({ person, socket, me }) });
    const giveUp = () => this.port === shared.port && this.#useOwnHub();
    const timer = setTimeout(giveUp, HELLO_WITHIN_MS);
    shared.onerror = giveUp;
    this.#use(shared.port, () => clearTimeout(timer));
  }

  async #useOwnHub() {
    const { Hub } = await import("./hub.js");
    const { port1, port2 } = new MessageChannel();
    new Hub(this.settings).attach(port1);
    this.#use(port2);
  }

  /**
   * @param {MessagePort} port
   * @param {() => void} [reached]
   */
  #use(port, reached) {
    this.port = port;
    port.onmessage = ({ data }) => (data.id ? this.#answered(data) : this.#told(data));
    port.start();
    const unanswered = [...this.waiting].map(([id, { asked }]) => ({ id, ...asked }));
    for (const asked of unanswered) if (asked.ask !== "hello") port.postMessage(asked);
    this.#greet(reached);
  }

  /** @param {() => void} [reached] */
  async #greet(reached) {
    const answer = await this.ask({ ask: "hello", life: await this.life });
    reached?.();
    this.#told({ tell: "state", state: answer.state });
    this.#told({ tell: "unsent", entries: answer.unsent });
  }

  /** Tell the hub what only a page can notice. */
  #watchPage() {
    const hint = (/** @type {string} */ what) => this.#tellHub({ ask: "hint", what });
    addEventListener("online", () => hint("online"));
    addEventListener("offline", () => hint("offline"));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && hint("visible"));
    addEventListener("keydown", () => this.state === "waiting" && hint("act"));
    addEventListener("pointerdown", () => this.state === "waiting" && hint("act"));
    addEventListener("pagehide", () => this.#tellHub({ ask: "bye" }));
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    if (!navigator.onLine) hint("offline");
  }

  /** @param {object} what  that needs no answer */
  #tellHub(what) {
    this.port?.postMessage(what);
  }

  /**
   * @param {object} asked
   * @returns {Promise<any>} rejects with `Refused`
   */
  ask(asked) {
    const id = this.nextId++;
    this.port?.postMessage({ id, ...asked });
    return new Promise((resolve, reject) => this.waiting.set(id, { asked, resolve, reject }));
  }

  /** @param {{id: number, answer: any, error?: {code: string, message: string}}} data */
  #answered({ id, answer, error }) {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) waiting?.reject(new Refused(error));
    else waiting?.resolve(answer);
  }

  /** @param {any} told */
  #told(told) {
    if (told.tell === "event") this.#each(told.frame.topic, (reader) => reader.event(told.frame));
    else if (told.tell === "reset") this.#each(told.topic, (reader) => reader.reset?.());
    else if (told.tell === "closed") this.#each(told.topic, (reader) => reader.closed?.(told));
    else {
      if (told.tell === "state") this.state = told.state;
      if (told.tell === "unsent") this.unsent = told.entries;
      this.events.dispatchEvent(new CustomEvent(told.tell, { detail: told }));
    }
  }

  /**
   * @param {string} topic
   * @param {(reader: Reader) => void} act
   */
  #each(topic, act) {
    for (const reader of this.readers.get(topic) ?? []) act(reader);
  }

  /**
   * Read a topic from where the page's snapshot stands, as long as the page lives.
   * @param {string} topic
   * @param {{seq: number, epoch: string}} from
   * @param {Reader} reader
   */
  read(topic, from, reader) {
    const readers = this.readers.get(topic) ?? new Set();
    readers.add(reader);
    this.readers.set(topic, readers);
    if (readers.size === 1) this.ask({ ask: "read", topic, from });
  }

  /**
   * A command whose loss does no harm: typing, read, delivered.
   * @param {string} topic
   * @param {string} event
   * @param {object} payload
   * @returns {Promise<boolean>} whether it was taken
   */
  command(topic, event, payload) {
    return this.ask({ ask: "command", topic, event, payload }).then(() => true, () => false);
  }

  /**
   * A command whose refusal the person should read. Rejects with `Refused`.
   * @param {string} topic
   * @param {string} event
   * @param {object} payload
   * @returns {Promise<any>} the answer
   */
  request(topic, event, payload) {
    return this.ask({ ask: "command", topic, event, payload });
  }

  /**
   * Hear of `state`, `unsent` or `sent`; told at once how things stand.
   * @param {"state"|"unsent"|"sent"} what
   * @param {(told: any) => void} act
   */
  on(what, act) {
    this.events.addEventListener(what, (event) => act(/** @type {CustomEvent} */ (event).detail));
    if (what === "state") act({ state: this.state });
    if (what === "unsent") act({ entries: this.unsent });
  }
}

/** @type {Settings|null} */
const settings = dataOf("live");
export const live = settings ? new Client(settings) : null;
