/** A person's words as nodes: text stays text, addresses of the web become links. Never markup. */

const ADDRESS = /https?:\/\/[^\s<>"'«»]+/gi;
const NOT_OF_IT = /[.,;:!?…)\]}’]+$/; // what ends a sentence does not belong to the address

/**
 * @param {string} text
 * @returns {DocumentFragment}
 */
export function withLinks(text) {
  const nodes = document.createDocumentFragment();
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(NOT_OF_IT, "");
    nodes.append(text.slice(end, match.index), link(address));
    end = match.index + address.length;
  }
  nodes.append(text.slice(end));
  return nodes;
}

/** @param {string} address */
function link(address) {
  const element = document.createElement("a");
  element.href = address;
  element.rel = "noopener nofollow ugc";
  element.target = "_blank";
  element.textContent = address;
  return element;
}
