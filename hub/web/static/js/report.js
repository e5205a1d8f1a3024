/**
 * « Signaler un problème », one step at a time (report/steps.html). Everything that is typed or chosen is kept on this
 * device until it is sent; without a network it waits here and goes by itself, once.
 */

import { copyOf, fill, slot } from "./page.js";
import { personOf } from "./person_here.js";
import { Checks, tell } from "./report_checks.js";
import { Declined, Drafts, send, tokenOf } from "./report_drafts.js";
import { ReportFiles } from "./report_files.js";
import { watchNear } from "./report_near.js";
import { Steps } from "./report_steps.js";
import { Summary } from "./report_summary.js";
import { newKey } from "./store.js";

const KEEP_AFTER_MS = 300;
const AGAIN_AFTER_MS = 15_000;
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "token", "website"]);

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-report]"));
const words = /** @type {HTMLElement} */ (document.getElementById("report-words")).dataset;
const outside = /** @type {HTMLElement} */ (document.querySelector("[data-report-outside]"));
const path = location.pathname;
const drafts = new Drafts(personOf(form));
const files = new ReportFiles(form, words, keepSoon);
const checks = new Checks(form);
const steps = new Steps(form, {
  passes: (step) => checks.passes(step),
  shown: (name) => {
    if (name === "check") summary.show();
    keepSoon();
  },
  finish: submit,
});
const summary = new Summary(form, words, files, (step) => steps.open(step));

let touched = false; // whether there is anything to keep
let sending = false;
/** @type {ReturnType<typeof setTimeout>|undefined} */
let soon;

/** @param {string} name */
function field(name) {
  return /** @type {HTMLInputElement} */ (form.querySelector(`[name="${name}"]`));
}

/** @returns {Omit<import("./report_drafts.js").Report, "id"|"at">} */
function written() {
  /** @type {[string, string][]} */
  const fields = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !NOT_KEPT.has(name)) fields.push([name, value]);
  }
  return { key: field("key").value, path, fields, files: files.files, step: steps.name };
}

function keepSoon() {
  clearTimeout(soon);
  if (isDraft()) soon = setTimeout(keep, KEEP_AFTER_MS);
}

/** Whether there is something to keep here: not while it is on its way, or waits for the network. */
function isDraft() {
  return touched && !sending && outside.hidden;
}

function keep() {
  return drafts.keep(written()).catch(() => {}); // a device that keeps nothing must not stop anybody
}

/** @param {import("./report_drafts.js").Report} draft */
function fillIn(draft) {
  const given = new Map(draft.fields);
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input, textarea"))) {
    if (!input.name || NOT_KEPT.has(input.name) || input.type === "file" || input.disabled) continue;
    if (input.type === "checkbox") input.checked = given.has(input.name);
    else if (input.type === "radio") input.checked = given.get(input.name) === input.value;
    else input.value = given.get(input.name) ?? "";
  }
  field("lat").dispatchEvent(new Event("input", { bubbles: true }));
  files.show(draft.files);
  showContact();
}

/** Who stays anonymous gives no details. */
function showContact() {
  const contact = /** @type {HTMLElement} */ (slot(form, "contact"));
  contact.hidden = field("anonymous").checked;
}

/** @param {string} sentence */
function trouble(sentence) {
  const place = /** @type {HTMLElement} */ (slot(form, "trouble"));
  if (!sentence) {
    place.replaceChildren();
    return;
  }
  const banner = copyOf("report-trouble");
  fill(banner, "words", sentence);
  place.replaceChildren(banner);
  place.scrollIntoView({ block: "center" });
}

/** Whoever writes on without a network knows that nothing is lost. */
function showNetwork(away = !navigator.onLine) {
  const place = /** @type {HTMLElement} */ (slot(form, "network"));
  if (!away) place.replaceChildren();
  else if (!place.firstChild) place.append(copyOf("report-offline"));
}

/** @param {Record<string, string[]>} errors */
function showErrors(errors) {
  /** @type {HTMLElement|undefined} */
  let first;
  for (const [name, said] of Object.entries(errors)) {
    const input = name ? field(name === "place" ? "address" : name) : null;
    if (!input?.closest("[data-step]")) continue;
    tell(input, said.join(" "));
    first ??= input;
  }
  const whole = errors[""] ?? errors.website ?? errors.key;
  trouble(whole ? whole.join(" ") : first ? "" : (form.dataset.failed ?? ""));
  const step = /** @type {HTMLElement|null|undefined} */ (first?.closest("[data-step]"));
  if (!step) return;
  steps.open(step.dataset.step ?? "");
  first?.focus();
}

async function submit() {
  if (sending || !steps.complete()) return;
  sending = true;
  clearTimeout(soon);
  const button = /** @type {HTMLElement} */ (slot(form, "go"));
  button.setAttribute("aria-busy", "true");
  button.setAttribute("aria-disabled", "true");
  const report = written();
  await drafts.keep(report).catch(() => {});
  try {
    await sent(await sendOnce(report));
  } catch (error) {
    sending = false;
    if (error instanceof Declined && error.status < 500) showErrors(error.errors);
    else await waitOutside(report);
  } finally {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  }
}

/**
 * A form that stood open for long has an old token: once more with a new one.
 * @param {ReturnType<typeof written>} report
 */
async function sendOnce(report) {
  try {
    return await send(report, tokenOf(form));
  } catch (error) {
    if (!(error instanceof Declined) || error.status !== 403) throw error;
    const page = await fetch(path, { headers: { Accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[data-report]");
    if (!(fresh instanceof HTMLFormElement)) throw error;
    const [name, value] = tokenOf(fresh);
    field(name).value = value;
    return send(report, [name, value]);
  }
}

/** @param {{url: string}} done */
async function sent({ url }) {
  await drafts.drop(path).catch(() => {});
  location.replace(url);
}

/** @param {ReturnType<typeof written>} report */
async function waitOutside(report) {
  showOutside(true); // from here on nothing more is kept as a draft
  try {
    await drafts.wait(report);
  } catch {
    showOutside(false);
    trouble(form.dataset.failed ?? "");
    return;
  }
  outside.focus();
  setTimeout(again, AGAIN_AFTER_MS);
}

/** @param {boolean} waits */
function showOutside(waits) {
  outside.hidden = !waits;
  form.hidden = waits;
}

async function again() {
  if (outside.hidden) return;
  const mine = field("key").value;
  let known = false;
  const done = await drafts
    .sendWaiting({
      sent: ({ url }, { key }) => {
        known ||= key === mine;
        if (key === mine) location.replace(url);
      },
      refused: async (report, { errors }) => {
        known ||= report.key === mine;
        if (report.key !== mine) return;
        await drafts.takeBack(report);
        showOutside(false);
        showErrors(errors);
      },
    })
    .catch(() => false);
  if (!done) setTimeout(again, AGAIN_AFTER_MS);
  else if (!known) await askWhere();
}

/** Another tab has sent it: the same key again says where it is, and sends nothing twice. */
async function askWhere() {
  try {
    await sent(await sendOnce(written()));
  } catch {
    setTimeout(again, AGAIN_AFTER_MS);
  }
}

async function change() {
  const mine = (await drafts.waiting()).find(({ key }) => key === field("key").value);
  if (mine) await drafts.takeBack(mine);
  showOutside(false);
  steps.open("check");
}

async function begin() {
  const draft = await drafts.at(path).catch(() => null);
  const wrong = /** @type {HTMLElement|null} */ (form.querySelector("[data-step] .error"));
  if ("kept" in form.dataset) field("key").value = newKey(); // the same page serves for many reports
  if (draft && !wrong) {
    touched = true;
    fillIn(draft);
    const restored = /** @type {HTMLElement} */ (document.querySelector("[data-report-restored]"));
    restored.hidden = false;
    slot(restored, "anew")?.addEventListener("click", async () => {
      touched = false;
      clearTimeout(soon);
      await drafts.drop(path);
      form.reset(); // some browsers would fill in again what stood there
      location.reload();
    });
  }
  showContact();
  const step = /** @type {HTMLElement|null|undefined} */ (wrong?.closest("[data-step]"));
  steps.begin((wrong ? step?.dataset.step : draft?.step) ?? "what");
}

for (const kind of ["input", "change"]) {
  form.addEventListener(kind, () => {
    touched = true;
    keepSoon();
  });
}
field("anonymous").addEventListener("change", showContact);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  steps.next();
});
addEventListener("pagehide", () => {
  if (isDraft()) keep();
});
addEventListener("online", again);
for (const kind of ["online", "offline"]) addEventListener(kind, () => showNetwork());
slot(outside, "again")?.addEventListener("click", again);
slot(outside, "change")?.addEventListener("click", change);
watchNear(form);
showNetwork("kept" in form.dataset || !navigator.onLine); // a kept page is here because the network is not
begin();
