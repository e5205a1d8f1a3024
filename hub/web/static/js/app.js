/**
 * The hub as an application on this device: « Installer l’application », and the service worker that opens it without a
 * network. A browser where nobody installed it keeps nothing for that: it may be everybody's.
 */

import { keepPersonHere } from "./person_here.js";

const told = /** @type {HTMLElement} */ (document.querySelector("script[data-worker]")).dataset;
/** @type {any} what the browser would ask, once it can install the application */
let asking = null;

/** Whether this window is the application's own. */
const inside = matchMedia("(display-mode: standalone), (display-mode: minimal-ui)").matches;

/** @param {boolean} possible */
function showInstall(possible) {
  for (const place of document.querySelectorAll("[data-install]")) {
    /** @type {HTMLElement} */ (place.querySelector("[data-install-now]")).hidden = !possible;
    const how = /** @type {HTMLElement|null} */ (place.querySelector("[data-install-how]"));
    if (how) how.hidden = possible;
  }
}

async function install() {
  const once = asking;
  asking = null;
  await once.prompt();
  await once.userChoice;
  showInstall(false);
}

/** The worker learns what to keep, in which language and theme. @param {boolean} installed */
async function keepPages(installed) {
  if (!("serviceWorker" in navigator)) return;
  const workers = navigator.serviceWorker;
  if (installed) await workers.register(told.worker ?? "", { scope: "/" });
  const registration = await workers.getRegistration("/");
  if (told.person !== undefined) keepPersonHere(registration ? Number(told.person) : 0);
  if (!registration || !told.offline) return;
  const { active } = await workers.ready;
  const { offline, wizard, theme } = told;
  active?.postMessage({ offline, wizard, theme, language: document.documentElement.lang });
}

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault(); // the button asks, when one wants
  asking = event;
  showInstall(true);
});
addEventListener("appinstalled", () => {
  showInstall(false);
  keepPages(true).catch(() => {});
});
document.addEventListener("click", (event) => {
  if (asking && event.target instanceof Element && event.target.closest("[data-install-now]")) install();
});
keepPages(inside).catch(() => {}); // the page is whole without it
