/**
 * How many notifications are unread: what the server counted last, and what towns have told everybody since.
 *
 * With each count the server says how far each town had spoken then, so that nothing is counted twice and nothing is
 * left out, in whichever order the two are heard.
 */

/**
 * @typedef {object} TownNews  what a town tells all who follow it
 * @property {string} kind
 * @property {{id: number, name: string}|null} actor
 */

export class BellCount {
  /**
   * @param {number} person
   * @param {string[]} kinds  what this person wants to be told
   */
  constructor(person, kinds) {
    this.person = person;
    this.kinds = kinds;
    this.unread = 0;
    /** @type {Record<string, number>} */
    this.towns = {};
    /** @type {{slug: string, seq: number}[]} */
    this.since = [];
  }

  get total() {
    return this.unread + this.since.length;
  }

  /**
   * The server's own count, with how far each town had spoken.
   * @param {number} unread
   * @param {Record<string, number>} towns
   * @returns {boolean} false: it is older than what is known, and not taken
   */
  take(unread, towns) {
    if (Object.entries(this.towns).some(([slug, seq]) => (towns[slug] ?? 0) < seq)) return false;
    Object.assign(this, { unread, towns });
    this.since = this.since.filter(({ slug, seq }) => this.#isNews(slug, seq));
    return true;
  }

  /**
   * A town tells something to all who follow it.
   * @param {string} slug
   * @param {number} seq
   * @param {TownNews} news
   */
  hear(slug, seq, { kind, actor }) {
    const known = this.since.some((one) => one.slug === slug && one.seq === seq);
    if (known || !this.#isNews(slug, seq) || actor?.id === this.person || !this.kinds.includes(kind)) return;
    this.since.push({ slug, seq });
  }

  /**
   * @param {string} slug
   * @param {number} seq
   */
  #isNews(slug, seq) {
    return seq > (this.towns[slug] ?? 0);
  }
}
