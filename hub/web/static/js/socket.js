/**
 * The protocol's client: one WebSocket that comes back by itself and resumes every topic where it stood.
 *
 * Each numbered event is handed on once and in order; what was missed while away is asked for by number.
 */

const PROBE_AFTER_MS = 25_000; // silence after which the connection is put to the test
const PROBE_WITHIN_MS = 8_000;
const REPLY_WITHIN_MS = 12_000;
const OPEN_WITHIN_MS = 15_000;
const LONGEST_WAIT_MS = 10_000;
const OFFLINE_MS = 60_000;
const ACT_EVERY_MS = 1_500; // a person's action may hasten a return, but not more often than this
const RESTART_SPREAD_MS = 30_000;
const CLOSE = { restart: 1012, signedOut: 4401, refused: 4403 };

/** @typedef {"connecting"|"online"|"waiting"|"offline"|"signed_out"} State */
/** @typedef {{topic: string, event: string, seq?: number, payload: any}} Frame */
/** @typedef {{seq: number|null, epoch: string|null, live: boolean}} Position */

/** The server said no. `code` as in the protocol; `message` is a sentence for the person. */
export class Refusal extends Error {
  /** @param {{code: string, message: string, retry_after_s?: number}} error */
  constructor(error) {
    super(error.message);
    this.code = error.code;
    this.retryAfterMs = (error.retry_after_s ?? 0) * 1000;
  }
}

/** No answer: the connection went away first. Whether it was done is not known. */
export class Disconnected extends Error {}

export class Socket {
  /**
   * @param {string} url
   * @param {object} on
   * @param {(state: State) => void} on.state
   * @param {(frame: Frame) => void} on.event
   * @param {(topic: string, position: Position, recovered: boolean) => void} on.subscribed
   * @param {(topic: string, refusal: Refusal) => void} on.refused
   */
  constructor(url, on) {
    this.url = url;
    this.on = on;
    /** @type {State} */
    this.state = "waiting";
    /** @type {Map<string, Position>} */
    this.topics = new Map();
    /** @type {WebSocket|null} */
    this.line = null;
    /** @type {Map<string, {resolve: (response: any) => void, reject: (error: Error) => void, timer: number}>} */
    this.waiting = new Map();
    this.nextRef = 1;
    this.failures = 0;
    this.heardAt = 0;
    this.triedAt = 0;
    this.timer = 0;
    setInterval(() => this.#watch(PROBE_AFTER_MS, PROBE_WITHIN_MS), 5_000);
  }

  /** Open the connection now, unless there is one. */
  connect() {
    if (this.line) return;
    clearTimeout(this.timer);
    this.triedAt = Date.now();
    this.#enter("connecting");
    const line = (this.line = new WebSocket(this.url));
    this.timer = setTimeout(() => this.#lost(line, 0), OPEN_WITHIN_MS);
    line.onopen = () => this.#opened(line);
    line.onmessage = (message) => line === this.line && this.#heard(message.data);
    line.onclose = (event) => this.#lost(line, event.code);
  }

  /**
   * What the pages notice: `online` and `offline` of the network, `visible` (a page is looked at again), `act`
   * (a person does something), `hello` (a page has just opened).
   * @param {"online"|"offline"|"visible"|"act"|"hello"} what
   */
  hint(what) {
    if (this.state === "signed_out") {
      if (what === "hello") this.connect();
    } else if (what === "offline") {
      this.#drop();
      this.timer = setTimeout(() => this.connect(), OFFLINE_MS); // in case nobody says that it is back
      this.#enter("offline");
    } else if (!this.line) {
      if (what === "online" || Date.now() - this.triedAt > ACT_EVERY_MS) this.connect();
    } else if (what !== "act") {
      this.#watch(3_000, 4_000);
    }
  }

  /**
   * Have a topic's events from now on, or all after number `since`. Kept through every return.
   * @param {string} topic
   * @param {{seq?: number|null, epoch?: string|null}} from
   */
  subscribe(topic, from = {}) {
    if (this.topics.has(topic)) return;
    this.topics.set(topic, { seq: from.seq ?? null, epoch: from.epoch ?? null, live: false });
    if (this.state === "online") this.#ask(topic);
  }

  /** @param {string} topic */
  unsubscribe(topic) {
    if (this.topics.delete(topic) && this.state === "online") this.send(topic, "unsubscribe", {}).catch(() => {});
  }

  /**
   * A command; resolves to its response. Rejects with `Refusal` or `Disconnected`.
   * @param {string} topic
   * @param {string} event
   * @param {object} payload
   * @param {number} [withinMs]
   * @returns {Promise<any>}
   */
  send(topic, event, payload, withinMs = REPLY_WITHIN_MS) {
    const line = this.line;
    if (!line || this.state !== "online") return Promise.reject(new Disconnected(this.state));
    const ref = String(this.nextRef++);
    line.send(JSON.stringify({ ref, topic, event, payload }));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#lost(line, 0), withinMs);
      this.waiting.set(ref, { resolve, reject, timer });
    });
  }

  /** @param {WebSocket} line */
  #opened(line) {
    if (line !== this.line) return;
    clearTimeout(this.timer);
    this.heardAt = Date.now();
    this.#enter("online");
    for (const topic of this.topics.keys()) this.#ask(topic);
  }

  /** @param {string} topic */
  async #ask(topic) {
    const position = this.topics.get(topic);
    const from = position?.seq == null ? {} : { since: position.seq, epoch: position.epoch ?? undefined };
    try {
      const told = await this.send(topic, "subscribe", from);
      if (this.topics.get(topic) === position && position) this.#begin(topic, position, told);
    } catch (error) {
      if (error instanceof Refusal) this.#refused(topic, error);
    }
  }

  /**
   * @param {string} topic
   * @param {Position} position
   * @param {{seq: number, epoch: string, recovered: boolean}} told
   */
  #begin(topic, position, told) {
    this.failures = 0;
    position.live = true;
    position.epoch = told.epoch;
    if (position.seq === null || !told.recovered) position.seq = told.seq;
    this.on.subscribed(topic, position, told.recovered);
  }

  /**
   * @param {string} topic
   * @param {Refusal} refusal
   */
  #refused(topic, refusal) {
    if (refusal.code === "unavailable" || refusal.code === "rate_limited") {
      setTimeout(() => this.topics.has(topic) && this.#ask(topic), refusal.retryAfterMs || 2_000);
      return;
    }
    this.topics.delete(topic);
    this.on.refused(topic, refusal);
  }

  /** @param {string} text */
  #heard(text) {
    this.heardAt = Date.now();
    const frame = JSON.parse(text);
    if (frame.event === "reply") this.#answered(frame);
    else if (this.topics.has(frame.topic)) this.#event(frame);
  }

  /** @param {{ref: string, payload: any}} reply */
  #answered({ ref, payload }) {
    const asked = this.waiting.get(ref);
    if (!asked) return;
    this.waiting.delete(ref);
    clearTimeout(asked.timer);
    if (payload.status === "ok") asked.resolve(payload.response);
    else asked.reject(new Refusal(payload.error));
  }

  /** @param {Frame} frame */
  #event(frame) {
    const position = /** @type {Position} */ (this.topics.get(frame.topic));
    if (frame.seq !== undefined) {
      if (position.seq !== null && frame.seq <= position.seq) return;
      if (position.seq !== null && frame.seq > position.seq + 1) {
        this.#fill(frame.topic, position);
        return;
      }
      position.seq = frame.seq;
    }
    this.on.event(frame);
  }

  /**
   * A number is missing, which the server promises never happens: ask again from where we are.
   * @param {string} topic
   * @param {Position} position
   */
  #fill(topic, position) {
    if (!position.live) return; // asked already
    position.live = false;
    this.send(topic, "unsubscribe", {}).then(() => (this.topics.has(topic) ? this.#ask(topic) : undefined), () => {});
  }

  /**
   * After `silenceMs` without a word, ask for something cheap; no answer means that nobody is there.
   * @param {number} silenceMs
   * @param {number} withinMs
   */
  #watch(silenceMs, withinMs) {
    if (this.state !== "online" || Date.now() - this.heardAt < silenceMs) return;
    const [topic, position] = [...this.topics].find(([, { live }]) => live) ?? ["inbox.me", null];
    const from = position ? { since: position.seq, epoch: position.epoch } : {};
    this.heardAt = Date.now();
    this.send(topic, position ? "subscribe" : "unsubscribe", from, withinMs).catch(() => {});
  }

  /** Forget the line, if there is one: no word of it is heard any more. */
  #drop() {
    const line = this.line;
    clearTimeout(this.timer);
    this.line = null;
    if (line) {
      line.onopen = line.onmessage = line.onclose = null;
      line.close();
    }
    for (const position of this.topics.values()) position.live = false;
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(new Disconnected("lost"));
    }
    this.waiting.clear();
  }

  /**
   * @param {WebSocket} line
   * @param {number} code
   */
  #lost(line, code) {
    if (line !== this.line) return;
    this.#drop();
    if (code === CLOSE.signedOut || code === CLOSE.refused) {
      this.#enter("signed_out");
      return;
    }
    this.failures += 1;
    this.timer = setTimeout(() => this.connect(), this.#pause(code));
    this.#enter("waiting");
  }

  /**
   * How long to stay away: at random, so that a thousand clients do not come back together.
   * @param {number} code
   */
  #pause(code) {
    const most = code === CLOSE.restart ? RESTART_SPREAD_MS : Math.min(LONGEST_WAIT_MS, 500 * 2 ** this.failures);
    return 100 + Math.random() * most;
  }

  /** @param {State} state */
  #enter(state) {
    if (state === this.state) return;
    this.state = state;
    this.on.state(state);
  }
}
