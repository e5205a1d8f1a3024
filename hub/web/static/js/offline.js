/** « Vous êtes hors connexion », in place of another page: opens that one as soon as the network is back. */

const AGAIN_AFTER_MS = 10_000;

const place = /** @type {HTMLElement} */ (document.querySelector("[data-offline]"));
const wizard = /** @type {HTMLAnchorElement|null} */ (document.querySelector("a[data-wizard-kept]"));
const { alive = "", back = "", home = "" } = place.dataset;

async function look() {
  try {
    const answer = await fetch(alive, { cache: "no-store" });
    if (!answer.ok) return;
  } catch {
    return;
  }
  place.textContent = back;
  if (location.pathname.endsWith("/hors-ligne/")) location.replace(home);
  else location.reload();
}

addEventListener("online", look);
setInterval(look, AGAIN_AFTER_MS);
if (wizard && (await caches.match(wizard.href))) {
  for (const part of document.querySelectorAll("[data-wizard-kept]")) /** @type {HTMLElement} */ (part).hidden = false;
}
