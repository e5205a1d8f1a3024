// A list of choices that a few letters narrow. Without this script the list is simply all there.

const FEW = 6;

// « Saint-Aurèle » is found by « saint aurele ».
const plain = (words) =>
  words.normalize("NFD").replace(/\p{Mn}/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").toLowerCase().trim();

function narrow(choice, letters) {
  let shown = 0;
  for (const label of choice.querySelectorAll("[data-choice-list] label")) {
    const chosen = label.querySelector("input").checked;
    label.hidden = !chosen && !plain(label.textContent).includes(letters);
    shown += label.hidden ? 0 : 1;
  }
  return shown;
}

function say(status, count) {
  const words = { 0: status.dataset.none, 1: status.dataset.one }[count] ?? status.dataset.many;
  status.textContent = words.replace("{count}", count);
}

for (const choice of document.querySelectorAll("[data-choice]")) {
  const search = choice.querySelector("[data-choice-search]");
  const input = search.querySelector("input");
  search.hidden = choice.querySelectorAll("[data-choice-list] label").length <= FEW;
  input.addEventListener("input", () => {
    say(search.querySelector("[data-choice-count]"), narrow(choice, plain(input.value)));
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // it would send the half-filled form
  });
}
