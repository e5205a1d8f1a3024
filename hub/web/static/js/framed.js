/** In a frame: the site around it is told how tall the page's content is, and nothing else. */

const content = /** @type {HTMLElement} */ (document.getElementById("contenu"));
const tell = () => parent.postMessage({ parvis: content.offsetTop + content.offsetHeight }, "*");

new ResizeObserver(tell).observe(content);
