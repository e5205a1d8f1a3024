/**
 * « Signaler un problème » on a town's own site (docs/embedding.md):
 *
 *     <script src="https://parvis.example/integrer.js" data-commune="valbourg" data-texte="…" async></script>
 *
 * A button stands where the line stands. Nothing is asked of Parvis, and no cookie is set, before it is pressed; then
 * the form takes the button's place, in a frame. The button is the site's own: it looks as the site's buttons do.
 */
(() => {
  const here = /** @type {HTMLScriptElement} */ (document.currentScript);
  const origin = new URL(here.src).origin;
  const town = here.dataset.commune ?? "";
  const label = here.dataset.texte || "Signaler un problème";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "parvis-signaler";
  button.textContent = label;
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    frame.src = `${origin}/communes/${encodeURIComponent(town)}/signaler/cadre/`;
    frame.title = label;
    frame.allow = "geolocation";
    frame.style.cssText = "display: block; width: 100%; height: 44rem; border: 0";
    addEventListener("message", ({ source, origin: from, data }) => {
      if (source !== frame.contentWindow || from !== origin) return;
      const height = Number(data?.parvis);
      if (height > 0) frame.style.height = `${Math.ceil(Math.min(height, 20_000))}px`;
    });
    button.replaceWith(frame);
    frame.focus();
  });
  here.after(button);
})();
