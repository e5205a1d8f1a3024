/**
 * Messages on their way: written down first, sent in order, sent again under the same key until there is an answer.
 *
 * Several of these may run at once (tabs without a shared worker, two versions of the site): a lock lets one send
 * at a time, and each tells the others when something has changed. Should two send the same message all the same,
 * the server sees the same key and keeps one.
 */

import { Disconnected, Refusal } from "./socket.js";
import { newKey } from "./store.js";

const LOCK_WITHIN_MS = 5_000;
const TRY_LATER_MS = 2_000;
const PASSING = new Set(["rate_limited", "unavailable", "not_subscribed"]); // the same message may be taken later

/** @typedef {import("./store.js").Unsent} Unsent */
/** @typedef {import("./store.js").FileRef} FileRef */

export class Outbox {
  /**
   * @param {object} parts
   * @param {import("./store.js").Store} parts.store
   * @param {(entry: Unsent) => Promise<{id: number, seq: number}>} parts.send  rejects with Refusal or Disconnected
   * @param {() => Promise<boolean>} parts.ready  whether the server knows us, and as the person who wrote
   * @param {(entries: Unsent[]) => void} parts.changed
   * @param {(entry: Unsent, posted: {id: number, seq: number}) => void} parts.sent
   */
  constructor({ store, send, ready, changed, sent }) {
    this.store = store;
    this.send = send;
    this.ready = ready;
    this.changed = changed;
    this.sent = sent;
    this.name = `parvis-outbox-${store.person}`;
    this.others = new BroadcastChannel(this.name);
    this.others.onmessage = ({ data }) => this.#toldByOthers(data);
    this.lastAt = 0;
    this.sending = false;
    this.again = false;
  }

  /**
   * Take a message over: once this resolves it survives a restart of the browser.
   * @param {{conversation: number, body: string, files: FileRef[], reply_to?: number|null, key?: string}} message
   * @returns {Promise<string>} its key
   */
  async add({ conversation, body, files, reply_to = null, key = newKey() }) {
    this.lastAt = Math.max(Date.now(), this.lastAt + 1);
    await this.#keep({ key, conversation, body, files, reply_to, at: this.lastAt, state: "pending", problem: null });
    this.pump();
    return key;
  }

  /**
   * Try a refused message again, as it is.
   * @param {string} key
   */
  async retry(key) {
    const entry = (await this.store.unsent()).find((one) => one.key === key);
    if (!entry) return;
    await this.#keep({ ...entry, state: "pending", problem: null });
    this.pump();
  }

  /**
   * Take a message out: it was sent, or its words go back to where they were written.
   * @param {string} key
   */
  async discard(key) {
    await this.store.removeUnsent(key);
    await this.#tell();
  }

  /**
   * Nothing can be sent there any more; the words are kept.
   * @param {number} conversation
   * @param {Refusal} refusal
   */
  async refuseAll(conversation, refusal) {
    for (const entry of await this.store.unsent()) {
      if (entry.conversation === conversation && entry.state === "pending") await this.#fail(entry, refusal);
    }
  }

  /** Send what waits, one after the other, as long as there is a connection. */
  async pump() {
    this.again = true;
    if (this.sending) return;
    this.sending = true;
    try {
      while (this.again) {
        this.again = false;
        if (await this.#next()) await this.#alone(() => this.#sendAll());
      }
    } finally {
      this.sending = false;
    }
  }

  /** @param {() => Promise<void>} work */
  async #alone(work) {
    if (!navigator.locks) return work();
    const waiting = new AbortController();
    const timer = setTimeout(() => waiting.abort(), LOCK_WITHIN_MS); // a frozen tab may hold it
    try {
      return await navigator.locks.request(this.name, { signal: waiting.signal }, () => {
        clearTimeout(timer);
        return work();
      });
    } catch (error) {
      if (!waiting.signal.aborted) throw error;
      return work();
    }
  }

  async #sendAll() {
    let entry;
    while ((entry = await this.#next()) && (await this.ready())) {
      if (!(await this.#sendOne(entry))) return;
    }
  }

  /** @returns {Promise<Unsent|undefined>} */
  async #next() {
    return (await this.store.unsent()).find((entry) => entry.state === "pending");
  }

  /**
   * @param {Unsent} entry
   * @returns {Promise<boolean>} whether to go on with the next one
   */
  async #sendOne(entry) {
    try {
      const posted = await this.send(entry);
      await this.store.removeUnsent(entry.key);
      this.#announceSent(entry, posted);
      await this.#tell();
      return true;
    } catch (error) {
      if (error instanceof Disconnected) return false;
      if (!(error instanceof Refusal)) throw error;
      return this.#refused(entry, error);
    }
  }

  /**
   * @param {Unsent} entry
   * @param {Refusal} refusal
   */
  async #refused(entry, refusal) {
    if (PASSING.has(refusal.code)) {
      const { code, message } = refusal;
      if (code === "rate_limited") await this.#keep({ ...entry, problem: { code, message } }); // the page says why
      setTimeout(() => this.pump(), refusal.retryAfterMs || TRY_LATER_MS);
      return false;
    }
    await this.#fail(entry, refusal);
    return true;
  }

  /**
   * @param {Unsent} entry
   * @param {Refusal} refusal
   */
  #fail(entry, { code, message }) {
    return this.#keep({ ...entry, state: "failed", problem: { code, message } });
  }

  /**
   * @param {Unsent} entry
   * @param {{id: number, seq: number}} posted
   */
  #announceSent(entry, posted) {
    this.sent(entry, posted);
    this.others.postMessage({ entry, posted });
  }

  /** @param {Unsent} entry */
  async #keep(entry) {
    await this.store.putUnsent(entry);
    await this.#tell();
  }

  async #tell() {
    this.others.postMessage(null);
    this.changed(await this.store.unsent());
  }

  /** @param {{entry: Unsent, posted: {id: number, seq: number}}|null} news */
  async #toldByOthers(news) {
    if (news) {
      this.sent(news.entry, news.posted);
      return;
    }
    this.changed(await this.store.unsent());
    this.pump();
  }
}
