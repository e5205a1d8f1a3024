/** The messages of a conversation on the page: each in its place, with its day and what became of it. */

import { copyOf, fill, say, slot } from "./page.js";
import { withLinks } from "./text.js";

const AT_END_PX = 80;

/** @typedef {import("./store.js").FileRef} FileRef */
/** @typedef {import("./store.js").Unsent} Unsent */

/**
 * @typedef {object} Message  as events and the API give it
 * @property {number} id
 * @property {number} seq
 * @property {string} key
 * @property {{id: number, name: string, part: string}|null} author
 * @property {string} body
 * @property {string} at
 * @property {FileRef[]} attachments
 * @property {{code: string, name: string}|null} system
 */

/** @typedef {{id: number, delivered: number, read: number, read_at: string|null}} Reached  how far one of the others got */

export class ThreadView {
  /**
   * @param {HTMLElement} log
   * @param {{me: number, others: Reached[], words: any}} page
   * @param {import("./times.js").Times} times
   */
  constructor(log, page, times) {
    this.log = log;
    this.page = page;
    this.times = times;
    /** @type {Map<number, HTMLElement>} by number */
    this.messages = new Map();
    /** @type {Map<string, HTMLElement>} by key: those of mine that have no number yet */
    this.unsent = new Map();
    this.older = /** @type {HTMLElement} */ (log.querySelector("[data-older]"));
    this.typingRow = /** @type {HTMLElement} */ (log.querySelector("[data-typing]"));
    this.atEnd = true;
    for (const element of log.querySelectorAll("[data-seq]")) {
      this.messages.set(Number(element.getAttribute("data-seq")), /** @type {HTMLElement} */ (element));
    }
    this.#followScrolling();
    this.toEnd();
  }

  get lastSeq() {
    return Math.max(0, ...this.messages.keys());
  }

  get firstSeq() {
    return Math.min(...this.messages.keys());
  }

  // Where the reader is.

  #followScrolling() {
    this.log.addEventListener("scroll", () => {
      this.atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < AT_END_PX;
    }, { passive: true });
    const keep = () => this.atEnd && this.toEnd();
    new ResizeObserver(keep).observe(this.log);
    this.log.addEventListener("load", keep, true); // a picture took its place
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.atEnd = true;
  }

  // Messages.

  /**
   * Put a message in its place; one that is there already is left alone.
   * @param {Message} message
   * @returns {boolean} whether it is new here
   */
  add(message) {
    const fresh = this.#insert(message);
    if (fresh) this.#settle();
    return fresh;
  }

  /** @param {Message} message */
  #insert(message) {
    const known = this.messages.get(message.seq);
    if (known && !known.dataset.early) return false;
    known?.remove();
    const mine = message.author?.id === this.page.me;
    const waiting = mine ? this.unsent.get(message.key) : undefined;
    if (waiting) this.#removeUnsent(message.key, waiting);
    const element = message.system ? this.#systemLine(message) : this.#bubble(message, mine);
    Object.assign(element.dataset, { seq: String(message.seq), at: message.at, key: message.key });
    this.#place(element, message.seq);
    this.messages.set(message.seq, element);
    return true;
  }

  /** What follows from where messages stand: days between them, what became of mine. */
  #settle() {
    this.#separateDays();
    this.#showReached();
  }

  /**
   * Older messages go above without moving what is being read.
   * @param {Message[]} messages
   * @param {boolean} more  whether there are still older ones
   */
  addOlder(messages, more) {
    this.log.setAttribute("aria-live", "off");
    const fromEnd = this.log.scrollHeight - this.log.scrollTop;
    for (const message of messages) this.#insert(message);
    this.#settle();
    this.older.hidden = !more;
    this.log.scrollTop = this.log.scrollHeight - fromEnd;
    setTimeout(() => this.log.removeAttribute("aria-live"), 1_000);
  }

  /** Everything goes, to be given anew; what is not sent yet stays. */
  clear() {
    for (const element of this.messages.values()) element.remove();
    this.messages.clear();
    this.#separateDays();
  }

  /**
   * @param {Message} message
   * @param {boolean} mine
   */
  #bubble(message, mine) {
    const element = copyOf(mine ? "message-mine" : "message-theirs");
    const author = message.author;
    if (!mine && author) {
      slot(element, "face")?.replaceChildren(faceOf(author.id));
      fill(element, "author", author.name);
      slot(element, "author")?.classList.toggle("sr", author.part !== "agent");
    }
    this.#fillBubble(element, message.body, message.attachments);
    this.#tellTime(element, message.at);
    return element;
  }

  /**
   * @param {HTMLElement} element
   * @param {string} body
   * @param {FileRef[]} files
   * @param {boolean} [sent]  only then may a file be opened
   */
  #fillBubble(element, body, files, sent = true) {
    const bubble = /** @type {HTMLElement} */ (slot(element, "bubble"));
    if (body) slot(element, "body")?.append(withLinks(body));
    else bubble.classList.add("sr");
    bubble.after(...files.map((file) => this.#file(file, sent)));
  }

  /**
   * @param {FileRef} file
   * @param {boolean} sent
   */
  #file(file, sent) {
    const element = copyOf(file.thumbnail_url && sent ? "message-picture" : "message-file");
    if (sent) /** @type {HTMLAnchorElement} */ (element).href = file.url;
    else element.removeAttribute("href");
    const picture = element.querySelector("img");
    if (picture && file.thumbnail_url) Object.assign(picture, { src: file.thumbnail_url, alt: file.name });
    fill(element, "name", file.name);
    fill(element, "size", this.times.size(file.size_bytes));
    return element;
  }

  /** @param {Message} message */
  #systemLine({ system }) {
    const element = copyOf("message-system");
    const { code = "", name = "" } = system ?? {};
    fill(element, "text", say(this.page.words.system[code] ?? "", { name }));
    return element;
  }

  /**
   * @param {HTMLElement} element
   * @param {string} at
   */
  #tellTime(element, at) {
    const time = /** @type {HTMLTimeElement|null} */ (element.querySelector("time"));
    if (!time) return;
    time.dateTime = at;
    time.textContent = this.times.clock(new Date(at));
  }

  /**
   * @param {HTMLElement} element
   * @param {number} seq
   */
  #place(element, seq) {
    let next = null;
    for (const [number, known] of this.messages) {
      if (number > seq && (!next || number < Number(next.dataset.seq))) next = known;
    }
    const day = next?.previousElementSibling;
    this.log.insertBefore(element, day?.matches(".day") ? day : (next ?? this.#tail()));
  }

  /** The first of what stands after all numbered messages. */
  #tail() {
    return [...this.unsent.values()].find((element) => element.isConnected) ?? this.typingRow;
  }

  #separateDays() {
    let before = "";
    for (const element of [...this.log.querySelectorAll("[data-at], .day")]) {
      if (element.matches(".day")) {
        const next = element.nextElementSibling;
        const day = next?.hasAttribute("data-at") ? this.times.iso(new Date(next.getAttribute("data-at") ?? "")) : "";
        if (!day || day === before) element.remove();
        else before = this.#nameDay(element, day, next);
        continue;
      }
      const day = this.times.iso(new Date(element.getAttribute("data-at") ?? ""));
      if (day === before) continue;
      const line = copyOf("message-day");
      this.log.insertBefore(line, element);
      before = this.#nameDay(line, day, element);
    }
  }

  /**
   * @param {Element} line
   * @param {string} day
   * @param {Element|null} element  the first message of that day
   */
  #nameDay(line, day, element) {
    const name = this.times.day(new Date(element?.getAttribute("data-at") ?? ""));
    if (line.textContent !== name) line.textContent = name;
    return day;
  }

  // Those on their way.

  /**
   * Show what is not sent yet, in order, after everything else.
   * @param {Unsent[]} entries
   * @param {(element: HTMLElement, entry: Unsent) => void} arm  gives the buttons of a refused one their work
   */
  showUnsent(entries, arm) {
    const kept = new Set(entries.map(({ key }) => key));
    for (const [key, element] of this.unsent) {
      if (!kept.has(key)) this.#removeUnsent(key, element);
    }
    for (const entry of entries) {
      if (this.#isHere(entry.key)) continue;
      const shown = this.unsent.get(entry.key);
      if (shown?.dataset.state === entry.state) continue;
      const element = this.#unsentBubble(entry);
      arm(element, entry);
      if (shown) shown.replaceWith(element);
      else this.log.insertBefore(element, this.typingRow);
      this.unsent.set(entry.key, element);
    }
  }

  /**
   * The server has it: no longer dashed, even before its event comes.
   * @param {Unsent} entry
   * @param {{id: number, seq: number}} posted
   */
  sent(entry, posted) {
    if (this.messages.has(posted.seq)) return;
    this.add({
      id: posted.id, seq: posted.seq, key: entry.key, author: { id: this.page.me, name: "", part: "" },
      body: entry.body, at: new Date(entry.at).toISOString(), attachments: entry.files, system: null,
    });
    const element = this.messages.get(posted.seq);
    if (element) element.dataset.early = "yes"; // its event brings the server's time
  }

  /** @param {string} key */
  #isHere(key) {
    return [...this.messages.values()].some((element) => element.dataset.key === key);
  }

  /** @param {Unsent} entry */
  #unsentBubble(entry) {
    const element = copyOf("message-mine");
    element.classList.add(entry.state === "failed" ? "msg--failed" : "msg--pending");
    Object.assign(element.dataset, { state: entry.state, key: entry.key });
    this.#fillBubble(element, entry.body, entry.files, false);
    element.querySelector("time")?.remove();
    const status = copyOf(`status-${entry.state}`);
    if (entry.problem) fill(status, "why", entry.problem.message);
    slot(element, "status")?.replaceChildren(...status.childNodes);
    if (entry.state === "failed") element.append(copyOf("message-redo"));
    return element;
  }

  /**
   * @param {string} key
   * @param {HTMLElement} element
   */
  #removeUnsent(key, element) {
    element.remove();
    this.unsent.delete(key);
  }

  // What became of mine, and who writes.

  /**
   * One of the others has got further.
   * @param {number} person
   * @param {Partial<Reached>} how
   */
  reached(person, how) {
    const other = this.page.others.find(({ id }) => id === person);
    if (!other) return;
    other.delivered = Math.max(other.delivered, how.delivered ?? 0, how.read ?? 0);
    if ((how.read ?? 0) > other.read) Object.assign(other, { read: how.read, read_at: how.read_at ?? null });
    this.#showReached();
  }

  #showReached() {
    const delivered = Math.max(0, ...this.page.others.map((other) => other.delivered));
    const furthest = this.page.others.reduce((one, other) => (other.read > one.read ? other : one), NOBODY);
    const mine = [...this.messages].filter(([, element]) => element.matches(".msg--mine")).sort(([a], [b]) => a - b);
    const lastRead = mine.findLast(([seq]) => seq <= furthest.read)?.[0];
    for (const [seq, element] of mine) {
      const status = seq <= furthest.read ? "read" : seq <= delivered ? "delivered" : "sent";
      const at = seq === lastRead ? furthest.read_at : null;
      this.#showStatus(element, status, at);
    }
  }

  /**
   * @param {HTMLElement} element
   * @param {"sent"|"delivered"|"read"} status
   * @param {string|null} readAt
   */
  #showStatus(element, status, readAt) {
    const place = slot(element, "status");
    const mark = `${status}${readAt ?? ""}`;
    if (!place || place.dataset.mark === mark) return;
    place.dataset.mark = mark;
    const shown = copyOf(`status-${status}`);
    if (readAt) fill(shown, "word", say(this.page.words.read_at, { time: this.times.clock(new Date(readAt)) }));
    place.replaceChildren(...shown.childNodes);
  }

  /** @param {{person: number, name: string}|null} writer  who writes just now */
  typing(writer) {
    this.typingRow.hidden = !writer;
    fill(this.typingRow, "typing", writer ? say(this.page.words.typing, { name: writer.name }) : "");
    if (writer) slot(this.typingRow, "face")?.replaceChildren(faceOf(writer.person));
    if (this.atEnd) this.toEnd();
  }
}

/** @param {number} person */
function faceOf(person) {
  return copyOf(document.getElementById(`face-${person}`) ? `face-${person}` : "face");
}

/** @type {Reached} */
const NOBODY = { id: 0, delivered: 0, read: 0, read_at: null };
