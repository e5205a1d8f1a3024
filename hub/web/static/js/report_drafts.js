/**
 * What this device keeps of a report: the draft while it is written, and what waits for the network. Photos are kept
 * too. A report is sent under the key it was begun with: whatever is sent twice is one ticket.
 */

import { freshPage } from "./page.js";
import { Store } from "./store.js";

const WRITING = "report.writing.";
const WAITING = "report.waiting.";
const KEEP_MS = 7 * 24 * 3600 * 1000; // a draft that nobody came back to; what waits is never dropped

/** @typedef {{field: "photos"|"documents", name: string, blob: Blob}} Attached */

/**
 * @typedef {object} Report
 * @property {string} id
 * @property {string} key
 * @property {string} path  where the form is, and where it goes
 * @property {[string, string][]} fields
 * @property {Attached[]} files
 * @property {string} step
 * @property {number} at  milliseconds
 * @property {boolean} [refused]  it was sent, and something is wrong with it
 */

/** The server said no: `errors` by field. */
export class Declined extends Error {
  /**
   * @param {number} status
   * @param {{errors?: Record<string, string[]>, token?: string}} said
   */
  constructor(status, { errors = {}, token = "" }) {
    super(String(status));
    this.status = status;
    this.errors = errors;
    this.token = token;
  }
}

export class Drafts {
  /** @param {number} person  0: nobody is signed in */
  constructor(person) {
    this.person = person;
    this.store = new Store(person);
  }

  /**
   * The draft of the form at that address; what was begun before signing in comes along.
   * @param {string} path
   * @returns {Promise<Report|null>}
   */
  async at(path) {
    const mine = await this.#fresh(this.store, path);
    if (mine || !this.person) return mine;
    const before = new Store(0);
    const begun = await this.#fresh(before, path);
    if (!begun) return null;
    await this.store.putDraft(/** @type {any} */ (begun));
    await before.removeDraft(begun.id);
    return begun;
  }

  /**
   * @param {Store} store
   * @param {string} path
   * @returns {Promise<Report|null>}
   */
  async #fresh(store, path) {
    const found = /** @type {any} */ (await store.draft(WRITING + path));
    if (!found || Date.now() - found.at < KEEP_MS) return found ?? null;
    await store.removeDraft(found.id);
    return null;
  }

  /** @param {Omit<Report, "id"|"at">} report */
  keep(report) {
    return this.store.putDraft(/** @type {any} */ ({ ...report, id: WRITING + report.path, at: Date.now() }));
  }

  /** @param {string} path */
  drop(path) {
    return this.store.removeDraft(WRITING + path);
  }

  /**
   * The network is away: it goes later, whatever page is open then.
   * @param {Omit<Report, "id"|"at">} report
   */
  async wait(report) {
    await this.store.putDraft(/** @type {any} */ ({ ...report, id: WAITING + report.key, at: Date.now() }));
    await this.drop(report.path);
  }

  /** @returns {Promise<Report[]>} */
  async waiting() {
    const all = /** @type {any[]} */ (await this.store.drafts());
    return all.filter(({ id }) => id.startsWith(WAITING)).sort((one, other) => one.at - other.at);
  }

  /**
   * It may be changed again: what waited is the draft at its address.
   * @param {Report} report
   */
  async takeBack(report) {
    await this.keep({ ...report, refused: false });
    await this.store.removeDraft(WAITING + report.key);
  }

  /**
   * Send what waits, one tab at a time.
   * @param {{sent: (done: {url: string, number: string}, report: Report) => void, refused: (report: Report, why: Declined) => void}} told
   * @returns {Promise<boolean>} whether nothing waits any more
   */
  async sendWaiting(told) {
    const work = () => this.#sendAll(told);
    if (!navigator.locks) return work();
    return navigator.locks.request(`parvis-reports-${this.person}`, work);
  }

  /** @param {{sent: (done: {url: string, number: string}, report: Report) => void, refused: (report: Report, why: Declined) => void}} told */
  async #sendAll(told) {
    for (const report of await this.waiting()) {
      if (report.refused) continue;
      try {
        const done = await this.#sendOne(report);
        await this.store.removeDraft(report.id);
        told.sent(done, report);
      } catch (error) {
        if (!(error instanceof Declined) || error.status === 429 || error.status >= 500) return false; // later
        await this.store.putDraft(/** @type {any} */ ({ ...report, refused: true }));
        told.refused(report, error);
      }
    }
    return true;
  }

  /** @param {Report} report */
  async #sendOne(report) {
    const page = await freshPage(report.path); // its token is new, and it says who is signed in now
    const form = /** @type {HTMLFormElement|null} */ (page.querySelector("[data-report]"));
    if (!form || Number(form.dataset.person) !== this.person) throw new Error("somebody else is signed in");
    return send(report, tokenOf(form));
  }
}

/**
 * What proves that a form is the site's own.
 * @param {HTMLFormElement} form
 * @returns {[string, string]} name and value
 */
export function tokenOf(form) {
  for (const name of ["token", "csrfmiddlewaretoken"]) {
    const input = /** @type {HTMLInputElement|null} */ (form.querySelector(`[name="${name}"]`));
    if (input) return [name, input.value];
  }
  return ["csrfmiddlewaretoken", ""];
}

/**
 * @param {Pick<Report, "path"|"fields"|"files">} report
 * @param {[string, string]} token
 * @returns {Promise<{url: string, number: string}>} rejects with `Declined`, or as fetch does without a network
 */
export async function send({ path, fields, files }, [name, value]) {
  const body = new FormData();
  body.append(name, value);
  for (const [field, words] of fields) body.append(field, words);
  for (const { field, name: called, blob } of files) body.append(field, blob, called);
  const response = await fetch(path, { method: "POST", body, headers: { Accept: "application/json" } });
  const json = (response.headers.get("content-type") ?? "").includes("json");
  if (!response.ok) throw new Declined(response.status, json ? await response.json() : {});
  return response.json();
}
