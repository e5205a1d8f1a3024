/** Small tools for pages: copies of templates, data that the server wrote into the page, the page as it is now. */

/**
 * A copy of a `<template>`'s first element.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function copyOf(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  return /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
}

/**
 * The place of that name in an element: itself or within.
 * @param {Element} element
 * @param {string} name
 * @returns {HTMLElement|null}
 */
export function slot(element, name) {
  return element.matches(`[data-slot="${name}"]`)
    ? /** @type {HTMLElement} */ (element)
    : element.querySelector(`[data-slot="${name}"]`);
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string} text
 */
export function fill(element, name, text) {
  const place = slot(element, name);
  if (place) place.textContent = text;
}

/**
 * A sentence with its named fields: `{name} écrit…`.
 * @param {string} sentence
 * @param {Record<string, string>} fields
 */
export function say(sentence, fields) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => fields[name] ?? whole);
}

/**
 * What the server wrote into the page as JSON.
 * @param {string} id
 * @param {Document} [page]
 * @returns {any} null when the page has none
 */
export function dataOf(id, page = document) {
  const element = page.getElementById(id);
  return element ? JSON.parse(element.textContent ?? "null") : null;
}

/**
 * An address of this site as the server shows it now, to take parts from.
 * @param {string} [address]
 * @returns {Promise<Document>} rejects without a network, or when the page is no longer open to this person
 */
export async function freshPage(address = location.href) {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(String(response.status));
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/**
 * Put parts of a fresh page in place of this page's: elements with the same `data-part`.
 * @param {Document} fresh
 * @param {string} name
 */
export function renew(fresh, name) {
  const [mine, theirs] = [document, fresh].map((page) => page.querySelector(`[data-part="${name}"]`));
  if (mine && theirs) mine.replaceWith(document.importNode(theirs, true));
}
