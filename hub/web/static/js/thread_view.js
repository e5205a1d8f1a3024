/** The messages of a conversation on the page: each in its place, with its day and what became of it. */

import { Bubbles, faceOf, statusOf } from "./bubbles.js";
import { isMine, reacted } from "./message_marks.js";
import { copyOf, fill, say, slot } from "./page.js";

const AT_END_PX = 80;
const MOST_SHOWN = 400;
const FORGET = 100; // at once, so that it happens seldom

/** @typedef {import("./store.js").FileRef} FileRef */
/** @typedef {import("./store.js").Unsent} Unsent */

/** @typedef {import("./message_marks.js").Message} Message */

/** @typedef {{id: number, delivered: number, read: number, read_at: string|null}} Reached  how far one of the others got */

export class ThreadView {
  /**
   * @param {HTMLElement} log
   * @param {import("./message_marks.js").Marked & {others: Reached[]}} page
   * @param {import("./times.js").Times} times
   */
  constructor(log, page, times) {
    this.log = log;
    this.page = page;
    this.times = times;
    this.bubbles = new Bubbles(page, times);
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
    if (fresh) {
      this.#forgetOldest();
      this.#settle();
    }
    return fresh;
  }

  /** A lively discussion does not fill the page's memory: what scrolled away long ago is loaded again when asked for. */
  #forgetOldest() {
    if (!this.atEnd || this.messages.size <= MOST_SHOWN) return;
    const oldest = [...this.messages.keys()].sort((a, b) => a - b).slice(0, this.messages.size - MOST_SHOWN + FORGET);
    for (const seq of oldest) {
      this.messages.get(seq)?.remove();
      this.messages.delete(seq);
    }
    this.older.hidden = false;
  }

  /** @param {Message} message */
  #insert(message) {
    const known = this.messages.get(message.seq);
    if (known && !known.dataset.early) return false;
    known?.remove();
    const mine = message.author?.id === this.page.me;
    const waiting = mine ? this.unsent.get(message.key) : undefined;
    if (waiting) this.#removeUnsent(message.key, waiting);
    const element = this.bubbles.element(message);
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
   * A message is not what it was: other words, not shown any more, or shown again.
   * @param {Message} message  whole
   */
  change(message) {
    const shown = this.messages.get(message.seq);
    if (!shown) return;
    // An event is everybody's: it can't know which signs are the reader's.
    const reactions = (message.reactions ?? []).map((one) => ({ ...one, mine: isMine(shown, one.sign) }));
    const element = this.bubbles.element({ ...message, reactions });
    shown.replaceWith(element);
    this.messages.set(message.seq, element);
    this.#showReached();
  }

  /** @param {{seq: number, removal: string}} removed */
  remove({ seq, removal }) {
    const shown = this.messages.get(seq);
    if (shown) {
      const { at = "", key = "" } = shown.dataset;
      const me = { id: this.page.me, name: "", part: "" };
      const author = shown.matches(".msg--mine") ? me : null;
      this.change({ id: 0, seq, key, at, author, body: "", attachments: [], system: null, removal });
    }
    for (const quote of this.log.querySelectorAll(`.msg__quote[href="#m${seq}"]`)) fill(quote, "excerpt", "");
  }

  /** @param {{seq: number, sign: string, person: number, on: boolean, count: number}} change */
  react(change) {
    const element = this.messages.get(change.seq);
    if (element) reacted(element, change, this.page);
    if (this.atEnd) this.toEnd();
  }

  /**
   * Whether the reader has put this sign on that message.
   * @param {number} seq
   * @param {string} sign
   */
  hasMine(seq, sign) {
    const element = this.messages.get(seq);
    return !!element && isMine(element, sign);
  }

  /**
   * What an answer to message number `seq` quotes.
   * @param {number|null|undefined} seq
   * @returns {import("./store.js").Answered|null}
   */
  quoteOf(seq) {
    const element = seq ? this.messages.get(seq) : null;
    if (!seq || !element) return null;
    const words = slot(element, "body")?.textContent ?? "";
    const file = slot(element, "name")?.textContent ?? "";
    return { seq, author: slot(element, "author")?.textContent || this.page.words.me, excerpt: words || file };
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
   * @param {HTMLElement} element
   * @param {number} seq
   */
  #place(element, seq) {
    let next = null;
    if (seq > this.lastSeq) {
      this.log.insertBefore(element, this.#tail());
      return;
    }
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
      if (shown?.dataset.state === statusOf(entry)) continue;
      const element = this.bubbles.unsent(entry);
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

/** @type {Reached} */
const NOBODY = { id: 0, delivered: 0, read: 0, read_at: null };
