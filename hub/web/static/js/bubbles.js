/** Makes the elements of a thread: bubbles, lines of the hub, what stands in the place of what is gone. */

import { lead, mark } from "./message_marks.js";
import { copyOf, fill, say, slot } from "./page.js";
import { withLinks } from "./text.js";

/** @typedef {import("./store.js").FileRef} FileRef */
/** @typedef {import("./store.js").Unsent} Unsent */
/** @typedef {import("./message_marks.js").Message} Message */

export class Bubbles {
  /**
   * @param {import("./message_marks.js").Marked} page
   * @param {import("./times.js").Times} times
   */
  constructor(page, times) {
    this.page = page;
    this.times = times;
  }

  /** @param {Message} message  that has its number */
  element(message) {
    const mine = message.author?.id === this.page.me;
    const made = message.system ? this.#systemLine(message)
      : message.removal ? this.#gone(message, mine) : this.#bubble(message, mine);
    Object.assign(made.dataset, { seq: String(message.seq), at: message.at, key: message.key });
    made.id = `m${message.seq}`;
    return made;
  }

  /**
   * @param {Message} message
   * @param {boolean} mine
   */
  #bubble(message, mine) {
    const element = copyOf(mine ? "message-mine" : "message-theirs");
    if (!mine && message.author) this.#sign(element, message.author);
    mark(element, message, this.page);
    this.#fillBubble(element, message.body, message.attachments);
    this.#tellTime(element, message.at);
    return element;
  }

  /**
   * @param {HTMLElement} element
   * @param {{id: number, name: string, part: string}} author
   */
  #sign(element, { id, name, part }) {
    const shared = this.page.kind !== "private";
    slot(element, "face")?.replaceChildren(faceOf(id));
    fill(element, "author", part === "mayor" && shared ? say(this.page.words.mayor, { name }) : name);
    slot(element, "author")?.classList.toggle("sr", part !== "agent" && !shared);
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
   * @param {Message} message
   * @param {boolean} mine
   */
  #gone(message, mine) {
    const element = copyOf(mine ? "gone-mine" : "gone-theirs");
    fill(element, "text", this.page.words.gone[message.removal ?? ""] ?? "");
    this.#tellTime(element, message.at);
    lead(element, message.seq, this.page);
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

  /** @param {Unsent} entry */
  unsent(entry) {
    const element = copyOf("message-mine");
    element.classList.add(entry.state === "failed" ? "msg--failed" : "msg--pending");
    Object.assign(element.dataset, { state: statusOf(entry), key: entry.key });
    this.#fillBubble(element, entry.body, entry.files, false);
    element.querySelector("time")?.remove();
    for (const name of ["quote", "named", "edited", "options", "reactions"]) slot(element, name)?.remove();
    const status = copyOf(`status-${statusOf(entry)}`);
    if (entry.problem) fill(status, "why", entry.problem.message);
    slot(element, "status")?.replaceChildren(...status.childNodes);
    if (entry.state === "failed") element.append(copyOf("message-redo"));
    return element;
  }
}

/**
 * What became of a message that has not been sent: it waits for the network, or for its turn; or it was refused.
 * @param {Unsent} entry
 */
export function statusOf({ state, problem }) {
  return state === "pending" && problem?.code === "rate_limited" ? "paced" : state;
}

/** @param {number} person */
export function faceOf(person) {
  return copyOf(document.getElementById(`face-${person}`) ? `face-${person}` : "face");
}
