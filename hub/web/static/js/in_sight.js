/** Lists of links that scroll sideways on a phone begin where one is. Without this they begin at their beginning. */

for (const list of document.querySelectorAll(".rail, .tabs")) {
  const here = list.querySelector("[aria-current]")?.getBoundingClientRect();
  if (!here) continue;
  const seen = list.getBoundingClientRect();
  list.scrollLeft += here.left + here.width / 2 - (seen.left + seen.width / 2);
}
