/** « Notifications sur cet appareil »: finds out how this browser stands, and asks it only when a button was pressed. */

import { freshPage, renew } from "./page.js";

const part = /** @type {HTMLElement} */ (document.querySelector("[data-push]"));
const button = /** @type {HTMLButtonElement} */ (part.querySelector("[data-push-on]"));
const status = /** @type {HTMLElement} */ (part.querySelector("[data-push-status]"));
const possible = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

/** @returns {Promise<PushSubscription|null|undefined>} */
async function subscription() {
  const registration = await navigator.serviceWorker.getRegistration("/");
  return registration?.pushManager.getSubscription();
}

/**
 * How the server names a device: SHA-256 of where it is reached.
 * @param {string} endpoint
 */
async function digest(endpoint) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** This browser's entry of the list, when it is among them. */
async function here() {
  const mine = possible ? await subscription() : null;
  return mine ? part.querySelector(`[data-device="${await digest(mine.endpoint)}"]`) : null;
}

/** @param {Element|null} entry */
function stateOf(entry) {
  if (!possible) return "impossible";
  if (Notification.permission === "denied") return "blocked";
  return entry ? "on" : "off";
}

/** @type {Element|null} */
let known = null;

async function look() {
  const entry = (known = await here());
  const state = stateOf(entry);
  for (const one of part.querySelectorAll("[data-push-state]")) {
    /** @type {HTMLElement} */ (one).hidden = one.getAttribute("data-push-state") !== state;
  }
  for (const mark of part.querySelectorAll("[data-here]")) {
    /** @type {HTMLElement} */ (mark).hidden = !entry?.contains(mark);
  }
}

/** @param {ServiceWorkerRegistration} registration */
async function subscribed(registration) {
  const options = { userVisibleOnly: true, applicationServerKey: part.dataset.key };
  try {
    return await registration.pushManager.subscribe(options);
  } catch (error) {
    // Once subscribed with another key, as before this hub was set up anew.
    const former = await registration.pushManager.getSubscription();
    if (!former) throw error;
    await former.unsubscribe();
    return registration.pushManager.subscribe(options);
  }
}

async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") return;
  await navigator.serviceWorker.register(part.dataset.worker ?? "", { scope: "/" });
  const found = await subscribed(await navigator.serviceWorker.ready);
  const token = /** @type {HTMLInputElement} */ (document.querySelector("[name=csrfmiddlewaretoken]")).value;
  const response = await fetch(part.dataset.api ?? "", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ kind: "web", subscription: found.toJSON() }),
  });
  if (!response.ok) throw new Error((await response.json()).detail);
  const fresh = await freshPage();
  renew(fresh, "devices");
  for (const part of fresh.querySelectorAll('[data-part^="wishes-"]')) renew(fresh, part.getAttribute("data-part") ?? "");
}

button.addEventListener("click", async () => {
  button.disabled = true;
  status.textContent = "";
  try {
    await turnOn();
  } catch {
    status.textContent = status.dataset.failed ?? "";
  }
  button.disabled = false;
  await look();
});

// The browser forgets it too, so that it is not woken up for nothing.
part.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches("[data-remove]") || !known?.contains(form)) return;
  event.preventDefault();
  try {
    await (await subscription())?.unsubscribe();
  } finally {
    form.submit();
  }
});

await look();
