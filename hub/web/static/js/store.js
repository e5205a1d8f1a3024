/**
 * What this browser keeps for one person: drafts, and messages that are not sent yet. In IndexedDB, so that it
 * survives page changes, reloads and restarts; in memory where the browser refuses (then only for the page).
 */

const TABLES = ["drafts", "unsent"];

/**
 * @typedef {object} FileRef  a file that the server holds
 * @property {string} id
 * @property {string} name
 * @property {string} content_type
 * @property {number} size_bytes
 * @property {string} url
 * @property {string|null} thumbnail_url
 * @property {number|null} width_px
 * @property {number|null} height_px
 */

/**
 * @typedef {object} Unsent  a message on its way; `key` makes a second sending harmless
 * @property {string} key
 * @property {number} conversation
 * @property {string} body
 * @property {FileRef[]} files
 * @property {number|null} [reply_to]  the number of the message that it answers
 * @property {number} at  milliseconds; also the order of sending
 * @property {"pending"|"failed"} state
 * @property {{code: string, message: string}|null} problem  why it was refused
 */

/**
 * @typedef {object} DraftFile  a file beside a draft: `ref` once the server holds it, else `blob`
 * @property {string} id  made here
 * @property {string} name
 * @property {number} size
 * @property {FileRef|null} ref
 * @property {Blob|null} blob
 */

/** @typedef {{seq: number, author: string, excerpt: string}} Answered  a message that another one answers */

/**
 * @typedef {object} Draft
 * @property {string} id  a conversation's number, or the name of a page that begins one
 * @property {string} body
 * @property {DraftFile[]} files
 * @property {number} at  milliseconds
 * @property {string} [key]  under which a form sends it
 * @property {boolean} [waiting]  its person has sent it, and it has not arrived yet
 * @property {Answered|null} [answered]  what it answers
 */

/** A key that no other message has. `randomUUID` exists on https and localhost only. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Store {
  /** @param {number} person */
  constructor(person) {
    this.person = person;
    /** @type {Promise<IDBDatabase|null>} */
    this.database = open(`parvis-${person}`);
    /** @type {Record<string, Map<string, any>>} */
    this.memory = { drafts: new Map(), unsent: new Map() };
  }

  /** @returns {Promise<Unsent[]>} in the order of sending */
  async unsent() {
    const entries = await this.#run("unsent", "readonly", (table) => table.getAll(), (rows) => [...rows.values()]);
    return entries.sort((/** @type {Unsent} */ a, /** @type {Unsent} */ b) => a.at - b.at);
  }

  /** @param {Unsent} entry */
  putUnsent(entry) {
    return this.#put("unsent", entry.key, entry);
  }

  /** @param {string} key */
  removeUnsent(key) {
    return this.#remove("unsent", key);
  }

  /**
   * @param {string} id
   * @returns {Promise<Draft|undefined>}
   */
  draft(id) {
    return this.#run("drafts", "readonly", (table) => table.get(id), (rows) => rows.get(id));
  }

  /** @returns {Promise<Draft[]>} all of them, in no order */
  drafts() {
    return this.#run("drafts", "readonly", (table) => table.getAll(), (rows) => [...rows.values()]);
  }

  /** @param {Draft} draft */
  putDraft(draft) {
    return this.#put("drafts", draft.id, draft);
  }

  /** @param {string} id */
  removeDraft(id) {
    return this.#remove("drafts", id);
  }

  /**
   * @param {string} table
   * @param {string} id
   * @param {object} row
   */
  #put(table, id, row) {
    return this.#run(table, "readwrite", (rows) => rows.put(row), (rows) => rows.set(id, row));
  }

  /**
   * @param {string} table
   * @param {string} id
   */
  #remove(table, id) {
    return this.#run(table, "readwrite", (rows) => rows.delete(id), (rows) => rows.delete(id));
  }

  /**
   * One request in one transaction; resolves when it is written, not before.
   * @param {string} table
   * @param {IDBTransactionMode} mode
   * @param {(rows: IDBObjectStore) => IDBRequest} ask
   * @param {(rows: Map<string, any>) => any} inMemory
   */
  async #run(table, mode, ask, inMemory) {
    const database = await this.database;
    if (!database) return inMemory(this.memory[table]);
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(table, mode, { durability: "strict" });
      const request = ask(transaction.objectStore(table));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
      transaction.commit?.(); // a page that is being left has no time to wait for the request
    });
  }
}

/**
 * @param {string} name
 * @returns {Promise<IDBDatabase|null>} null where the browser keeps nothing
 */
function open(name) {
  return new Promise((resolve) => {
    let request;
    try {
      request = indexedDB.open(name, 1);
    } catch {
      resolve(null);
      return;
    }
    request.onupgradeneeded = () => {
      for (const table of TABLES) request.result.createObjectStore(table, { keyPath: table === "unsent" ? "key" : "id" });
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => resolve(null);
  });
}
