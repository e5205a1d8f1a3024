/**
 * What a text weighs as SMS, told as one types: the very figures of `hub/deliveries/gsm.py`, to which a test holds it.
 *
 * @typedef {{letter: string, word: string, position: number}} Costly
 * @typedef {{encoding: "gsm7"|"ucs2", segments: number, units: number, left: number, costly: Costly[],
 *   fills: number[], room: number}} Measure
 */

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("^{}\\[~]|€\f");
const ROOM = { gsm7: [160, 153], ucs2: [70, 67] };
const AROUND = "[.,;:!?()\\[\\]\"'«»“”]";
const SHORN = new RegExp(`^${AROUND}+|${AROUND}+$`, "gu");
const WORD = /[^ \t\n\r\f\v\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/gu;
const SAME = {
  "’": "'", "‘": "'", "‛": "'", "′": "'", "´": "'", "“": '"', "”": '"', "„": '"', "″": '"', "«": '"', "»": '"',
  "‹": "'", "›": "'", "–": "-", "—": "-", "‐": "-", "\u2011": "-", "−": "-", "•": "-", "·": "-", "…": "...",
  "œ": "oe", "Œ": "OE", "×": "x", "²": "2", "³": "3", "½": "1/2", "¼": "1/4", "¾": "3/4", "№": "no",
  "\t": " ", "\v": " ", "\u00a0": " ", "\u2007": " ", "\u2008": " ", "\u2009": " ", "\u200a": " ", "\u2002": " ",
  "\u2003": " ", "\u2004": " ", "\u2005": " ", "\u2006": " ", "\u202f": " ", "\u205f": " ", "\u3000": " ",
  "\u2028": "\n", "\u2029": "\n",
};
const NEAR = { "°": "o", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "ẞ": "SS" };

/** @param {string} letter */
const known = (letter) => BASIC.has(letter) || EXTENDED.has(letter);

/**
 * @param {string} text
 * @returns {Measure}
 */
export function measure(text) {
  const letters = [...text];
  const encoding = letters.every(known) ? "gsm7" : "ucs2";
  const sizes = letters.map((letter) => (encoding === "gsm7" ? (EXTENDED.has(letter) ? 2 : 1) : letter.length));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const [one, each] = ROOM[encoding];
  const fills = units > one ? filled(sizes, each) : units ? [units] : [];
  const room = fills.length < 2 ? one : each;
  const left = room - (fills.at(-1) ?? 0);
  return { encoding, segments: fills.length, units, left, costly: costlyOf(text), fills, room };
}

/**
 * @param {number[]} sizes
 * @param {number} room
 */
function filled(sizes, room) {
  const fills = [0];
  for (const size of sizes) {
    if (fills[fills.length - 1] + size > room) fills.push(0);
    fills[fills.length - 1] += size;
  }
  return fills;
}

/**
 * @param {string} text
 * @returns {Costly[]}
 */
function costlyOf(text) {
  /** @type {Costly[]} */
  const found = [];
  let position = 0; // in characters, not in halves of them
  const add = (/** @type {string} */ part, /** @type {string} */ word) => {
    for (const letter of part) {
      if (!known(letter)) found.push({ letter, word: word.includes(letter) ? word : letter, position });
      position += 1;
    }
  };
  let at = 0;
  for (const match of text.matchAll(WORD)) {
    add(text.slice(at, match.index), "");
    add(match[0], match[0].replace(SHORN, ""));
    at = match.index + match[0].length;
  }
  add(text.slice(at), "");
  return found;
}

/**
 * The same words in less room. `strip`: accents too, and without pictures.
 * @param {string} text
 * @param {{strip?: boolean}} [how]
 */
export function plain(text, { strip = false } = {}) {
  let said = text.replace(/[\u00ad\u200b\u2060\ufeff]/g, "").normalize("NFC");
  said = said.replace(/(?<=[nN])°/g, "o").replace(/Œ(?=[a-zà-ÿ])/g, "Oe");
  said = said.replace(/«[ \u00a0\u2009\u202f]?/g, '"').replace(/[ \u00a0\u2009\u202f]?»/g, '"');
  said = [...said].map((letter) => SAME[letter] ?? letter).join("").normalize("NFC");
  if (strip) said = [...said.replaceAll("°C", "C")].map(stripped).join("");
  return said.replace(/\r+\n/g, "\n");
}

/** @param {string} letter */
function stripped(letter) {
  if (known(letter)) return letter;
  return NEAR[letter] ?? [...letter.normalize("NFKD")].filter(known).join("");
}
