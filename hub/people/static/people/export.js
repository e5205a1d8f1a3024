/** A workbook that is being made: the page looks again until it is there. */

const AGAIN_AFTER_MS = 2_000;

const card = () => /** @type {HTMLElement|null} */ (document.querySelector("[data-export]"));

/** Put what the page says now in the place of what it said, if it says something else. */
async function look() {
  const shown = card();
  if (shown?.dataset.export !== "waiting") return;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = /** @type {HTMLElement|null} */ (page.querySelector("[data-export]"));
    if (!response.ok || !fresh) return location.reload();
    if (fresh.dataset.export !== "waiting") {
      // The card itself stays: what changes inside is read out.
      shown.dataset.export = fresh.dataset.export ?? "";
      shown.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
      return;
    }
  } catch {
    // The net is away: it is looked at again.
  }
  setTimeout(look, AGAIN_AFTER_MS);
}

document.querySelector("[data-export-again]")?.parentElement?.setAttribute("hidden", "");
setTimeout(look, AGAIN_AFTER_MS);
