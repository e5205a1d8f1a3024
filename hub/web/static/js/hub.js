/**
 * The one connection and the one outbox that all of a person's tabs share, behind message ports.
 *
 * A page asks (`{id, ask, …}`) and gets one answer (`{id, answer}` or `{id, error}`); what happens is told to the
 * pages that it concerns (`{tell, …}`). Where there are no shared workers, a page runs one of these for itself.
 */

import { Outbox } from "./outbox.js";
import { Disconnected, Socket } from "./socket.js";
import { Store } from "./store.js";

const KEEP_EVENTS = 300; // of each topic, for a tab that comes later
const DELIVERED_AFTER_MS = 400; // a page that shows the conversation says "read" sooner
const INBOX = "inbox.me";

/** @typedef {import("./socket.js").Frame} Frame */
/** @typedef {import("./store.js").Unsent} Unsent */

/**
 * @typedef {object} Reading  a topic that pages read
 * @property {Set<MessagePort>} ports
 * @property {Frame[]} kept  numbered events, in order, without a gap
 * @property {number|null} from  `kept` holds all after this number
 * @property {string|null} epoch
 * @property {Map<number, Frame>} here  who is here, by person: told again to a tab that comes later
 */

export class Hub {
  /** @param {{person: number, socket: string, me: string}} settings  addresses of the socket and of "who am I" */
  constructor({ person, socket, me }) {
    this.person = person;
    this.me = me;
    this.writer = new MessageChannel().port1; // stands for the outbox among those who read topics
    this.known = false; // whether this connection is that person's
    /** @type {Set<MessagePort>} */
    this.ports = new Set();
    /** @type {Map<string, Reading>} */
    this.readings = new Map();
    /** @type {Map<number, number>} how far each conversation was said to have been read */
    this.readUpTo = new Map();
    this.socket = new Socket(socket, {
      state: (state) => this.#stateChanged(state),
      event: (frame) => this.#happened(frame),
      subscribed: (topic, position, recovered) => this.#stands(topic, position, recovered),
      refused: (topic, refusal) => this.#closedTo(topic, refusal),
    });
    this.outbox = new Outbox({
      store: new Store(person),
      send: (entry) => this.#post(entry),
      ready: () => this.#isKnown(),
      changed: (entries) => this.#tellAll({ tell: "unsent", entries }),
      sent: (entry, posted) => this.#tellAll({ tell: "sent", entry, posted }),
    });
    this.socket.connect();
  }

  /** @param {MessagePort} port */
  attach(port) {
    this.ports.add(port);
    port.onmessage = ({ data }) => this.#asked(port, data);
    port.start();
  }

  /** @param {MessagePort} port */
  #detach(port) {
    this.ports.delete(port);
    for (const topic of [...this.readings.keys()]) this.#stopReading(topic, port);
    port.close();
  }

  /**
   * @param {MessagePort} port
   * @param {any} asked
   */
  async #asked(port, asked) {
    try {
      const answer = await this.#answer(port, asked);
      if (asked.id) port.postMessage({ id: asked.id, answer });
    } catch (error) {
      const { code = "disconnected", message } = /** @type {any} */ (error);
      if (asked.id) port.postMessage({ id: asked.id, error: { code, message } });
    }
  }

  /**
   * @param {MessagePort} port
   * @param {any} asked
   * @returns {any}
   */
  #answer(port, asked) {
    switch (asked.ask) {
      case "hello": return this.#hello(port, asked.life);
      case "read": return this.#read(port, asked.topic, asked.from);
      case "leave": return this.#stopReading(asked.topic, port);
      case "command": return this.#command(asked);
      case "post": return this.outbox.add(asked.message);
      case "retry": return this.outbox.retry(asked.key);
      case "discard": return this.outbox.discard(asked.key);
      case "hint": return this.socket.hint(asked.what);
      case "bye": return this.#detach(port);
      default: throw new Error(`unknown: ${asked.ask}`);
    }
  }

  /**
   * A page is there; `life` names a lock that it holds as long as it lives.
   * @param {MessagePort} port
   * @param {string|null} life
   */
  async #hello(port, life) {
    if (life && navigator.locks) navigator.locks.request(life, () => this.#detach(port));
    this.socket.hint("hello");
    this.outbox.pump();
    const unsent = await this.outbox.store.unsent();
    return { state: this.socket.state, unsent }; // the state last: an older one must not overtake what was told
  }

  // Reading topics.

  /**
   * @param {MessagePort} port
   * @param {string} topic
   * @param {{seq: number, epoch: string}|null} from  where the page's snapshot stands
   */
  #read(port, topic, from) {
    const reading = this.readings.get(topic);
    if (!reading) {
      this.readings.set(topic, {
        ports: new Set([port]), kept: [], from: from?.seq ?? null, epoch: from?.epoch ?? null, here: new Map(),
      });
      this.socket.subscribe(topic, from ?? {});
      return;
    }
    reading.ports.add(port);
    if (from) this.#catchUp(port, topic, reading, from);
    for (const frame of reading.here.values()) port.postMessage({ tell: "event", frame });
  }

  /**
   * @param {MessagePort} port
   * @param {string} topic
   * @param {Reading} reading
   * @param {{seq: number, epoch: string}} from
   */
  #catchUp(port, topic, reading, from) {
    const same = reading.epoch === null || reading.epoch === from.epoch;
    if (reading.from === null || !same || from.seq < reading.from) {
      port.postMessage({ tell: "reset", topic });
      return;
    }
    for (const frame of reading.kept) {
      if (Number(frame.seq) > from.seq) port.postMessage({ tell: "event", frame });
    }
  }

  /**
   * @param {string} topic
   * @param {MessagePort} port
   */
  #stopReading(topic, port) {
    const reading = this.readings.get(topic);
    if (!reading?.ports.delete(port) || reading.ports.size) return;
    this.readings.delete(topic);
    this.socket.unsubscribe(topic);
  }

  /**
   * @param {string} topic
   * @param {import("./socket.js").Position} position
   * @param {boolean} recovered
   */
  #stands(topic, position, recovered) {
    const reading = this.readings.get(topic);
    if (reading) {
      const fresh = reading.from === null;
      if (fresh || !recovered) Object.assign(reading, { kept: [], from: position.seq });
      reading.epoch = position.epoch;
      if (!recovered) this.#tellReaders(topic, { tell: "reset", topic });
    }
    if (topic === INBOX) this.outbox.pump();
  }

  /**
   * @param {string} topic
   * @param {import("./socket.js").Refusal} refusal
   */
  #closedTo(topic, refusal) {
    this.#tellReaders(topic, { tell: "closed", topic, code: refusal.code, message: refusal.message });
    this.readings.delete(topic);
    const [kind, id] = topic.split(".");
    if (kind === "conversation") this.outbox.refuseAll(Number(id), refusal);
  }

  /** @param {Frame} frame */
  #happened(frame) {
    const reading = this.readings.get(frame.topic);
    if (reading) this.#remember(reading, frame);
    if (frame.topic === INBOX && frame.event === "conversation.changed") this.#arrived(frame.payload);
    this.#tellReaders(frame.topic, { tell: "event", frame });
  }

  /**
   * @param {Reading} reading
   * @param {Frame} frame
   */
  #remember(reading, frame) {
    if (frame.event === "presence") {
      if (frame.payload.here) reading.here.set(frame.payload.person, frame);
      else reading.here.delete(frame.payload.person);
    }
    if (frame.seq === undefined) return;
    reading.kept.push(frame);
    if (reading.kept.length > KEEP_EVENTS) reading.from = /** @type {number} */ (reading.kept.shift()?.seq);
  }

  // Sending.

  /** @param {{topic: string, event: string, payload: any}} asked */
  #command({ topic, event, payload }) {
    if (event === "message.read") {
      const conversation = Number(topic.split(".")[1]);
      this.readUpTo.set(conversation, Math.max(payload.seq, this.readUpTo.get(conversation) ?? 0));
    }
    return this.socket.send(topic, event, payload);
  }

  /**
   * Words have reached this device: the sender may see so.
   * @param {{id: number, seq: number, unread: number, author: number|null}} change
   */
  #arrived({ id, seq, unread, author }) {
    if (!unread || author === this.person) return;
    setTimeout(() => {
      if ((this.readUpTo.get(id) ?? 0) >= seq) return;
      this.socket.send(INBOX, "message.delivered", { conversation: id, seq }).catch(() => {});
    }, DELIVERED_AFTER_MS);
  }

  /** @param {Unsent} entry */
  async #post({ key, conversation, body, files, reply_to = null }) {
    const topic = `conversation.${conversation}`;
    this.#read(this.writer, topic, null); // perhaps no page shows it any more
    try {
      const attachments = files.map(({ id }) => id);
      return await this.socket.send(topic, "message.post", { key, body, attachments, reply_to });
    } finally {
      this.#stopReading(topic, this.writer);
    }
  }

  /** Whether this connection is still that person's: somebody else may have signed in meanwhile. */
  async #isKnown() {
    if (this.socket.state !== "online") return false;
    if (this.known) return true;
    try {
      const response = await fetch(this.me, { headers: { Accept: "application/json" } });
      if (response.ok) this.known = (await response.json()).id === this.person;
      else if (response.status >= 500) throw new Disconnected(String(response.status));
      if (!this.known) this.#tellAll({ tell: "state", state: "signed_out" });
    } catch {
      setTimeout(() => this.outbox.pump(), 2_000);
    }
    return this.known && this.socket.state === "online";
  }

  /** @param {import("./socket.js").State} state */
  #stateChanged(state) {
    if (state !== "online") {
      this.known = false;
      for (const reading of this.readings.values()) reading.here.clear();
    }
    this.#tellAll({ tell: "state", state });
  }

  /**
   * @param {string} topic
   * @param {object} what
   */
  #tellReaders(topic, what) {
    for (const port of this.readings.get(topic)?.ports ?? []) port.postMessage(what);
  }

  /** @param {object} what */
  #tellAll(what) {
    for (const port of this.ports) port.postMessage(what);
  }
}
