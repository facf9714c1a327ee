// Before and after, one over the other with a slider between them. Without this script they stand side by side.

const pair = document.querySelector("[data-comparison]");
const ways = document.querySelector("[data-ways]");
const range = document.querySelector("[data-range]");
const slider = range?.querySelector("input");

const share = () => { pair.style.setProperty("--share", `${slider.value}%`); };

const choose = (way) => {
  const isOver = way === "over";
  pair.classList.toggle("is-over", isOver);
  range.hidden = !isOver;
  for (const button of ways.querySelectorAll("[data-way]")) button.setAttribute("aria-pressed", String(button.dataset.way === way));
  try { localStorage.setItem("comparison", way); } catch { /* kept for this page only */ }
};

// Where the picture is touched, the line stands.
const follow = (event) => {
  if (!pair.classList.contains("is-over") || !(event.buttons & 1) || event.target.closest("a")) return;
  const { left, width } = pair.querySelector(".left img").getBoundingClientRect();
  slider.value = Math.round(Math.max(0, Math.min(100, ((event.clientX - left) / width) * 100)));
  share();
};

if (pair) {
  ways.hidden = false;
  ways.addEventListener("click", ({ target }) => { const way = target.closest("[data-way]")?.dataset.way; if (way) { choose(way); if (way === "over") slider.focus(); } });
  slider.addEventListener("input", share);
  pair.addEventListener("pointerdown", follow);
  pair.addEventListener("pointermove", follow);
  pair.addEventListener("dragstart", (event) => event.preventDefault());
  share();
  let kept;
  try { kept = localStorage.getItem("comparison"); } catch { /* none */ }
  if (kept === "over") choose(kept);
}
