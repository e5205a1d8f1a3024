/**
 * What a town tells of dangers, on pages of who is not signed in: no socket is theirs, so the page asks once a minute
 * while somebody looks at it, and at once when they come back to it.
 */

import "./alarms.js"; // which takes away what has stood long enough

const EVERY_MS = 60_000;
const PLACES = ["[data-alarms-urgent]", "[data-alarms-calm]"];

const all = /** @type {HTMLElement} */ (document.querySelector("[data-alarms-from]"));
let asked = Date.now();
let asking = false;

/** What stands there already stays, unsaid: screen readers say what is new. @param {Element} fresh */
function show(fresh) {
  for (const name of PLACES) {
    const [here, there] = [all.querySelector(name), fresh.querySelector(name)];
    if (!here || !there) continue;
    const wanted = [...there.children].map((one) => one.outerHTML);
    for (const one of [...here.children]) if (!wanted.includes(one.outerHTML)) one.remove();
    [...there.children].forEach((one, at) => {
      if (here.children[at]?.outerHTML === one.outerHTML) return;
      here.insertBefore(document.importNode(one, true), here.children[at] ?? null);
    });
  }
}

async function ask() {
  if (asking || document.visibilityState !== "visible") return;
  asking = true;
  asked = Date.now();
  try {
    const language = document.documentElement.lang.slice(0, 2);
    // Without a cookie: the same answer for everybody, which the browser keeps and asks about by its mark.
    const answer = await fetch(`${all.dataset.alarmsFrom}?langue=${language}`, { credentials: "omit" });
    const page = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
    const fresh = page.querySelector("[data-alarms]");
    if (fresh) show(fresh);
  } catch {
    // No network: the next minute asks again.
  }
  asking = false;
}

// Not all pages at the same moment: those that were opened together ask apart.
setTimeout(() => setInterval(ask, EVERY_MS), Math.random() * EVERY_MS);
document.addEventListener("visibilitychange", () => {
  if (Date.now() - asked > EVERY_MS) ask();
});
