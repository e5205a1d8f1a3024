/** Small round portraits by initials, each person on the ground that they have everywhere. */

const GROUNDS = ["", "avatar--b", "avatar--c", "avatar--d", "avatar--e"]; // as the server's own

/** @typedef {{person: number, name: string, initials: string}} Face */

/**
 * @param {Face} face
 * @param {"xs"|"sm"} size
 * @param {string} title
 * @returns {HTMLElement}
 */
function faceOf({ person, initials }, size, title) {
  const face = document.createElement("span");
  face.className = ["avatar", size === "xs" ? "avatar--xs" : "avatar--sm", GROUNDS[person % GROUNDS.length]].join(" ").trim();
  face.textContent = initials;
  face.title = title;
  return face;
}

/**
 * A row of faces; what it means is said to who does not see it. Nothing for nobody.
 * @param {Face[]} faces
 * @param {object} how
 * @param {"xs"|"sm"} how.size
 * @param {number} how.most  of more, the others are a number
 * @param {(face: Face) => string} how.title
 * @param {string} how.says
 * @returns {HTMLElement[]}
 */
export function rowOfFaces(faces, { size, most, title, says }) {
  if (!faces.length) return [];
  const row = document.createElement("span");
  row.className = "avatars";
  row.ariaHidden = "true";
  const shown = faces.length > most ? faces.slice(0, most - 1) : faces;
  row.append(...shown.map((face) => faceOf(face, size, title(face))));
  if (shown.length < faces.length) {
    const rest = faces.slice(shown.length);
    row.append(faceOf({ person: 0, name: "", initials: `+${rest.length}` }, size, rest.map(title).join(", ")));
  }
  const words = document.createElement("span");
  words.className = "sr";
  words.textContent = says;
  return [row, words];
}
