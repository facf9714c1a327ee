// Lists and cases without a mouse. No key does anything while somebody types.

const ROWS = ".row-link, .batch-row input[type=checkbox]";
const dialog = document.querySelector("#keys");
let at = -1;
let waiting;

const rows = () => [...document.querySelectorAll(`main :is(${ROWS})`)].filter((row) => row.checkVisibility() && !row.closest("[data-beside-case]"));

const move = (step) => {
  const all = rows();
  if (!all.length) return;
  const focused = all.indexOf(document.activeElement);
  at = Math.max(0, Math.min(all.length - 1, (focused >= 0 ? focused : at) + step));
  all[at].focus();
  all[at].scrollIntoView({ block: "nearest" });
  clearTimeout(waiting);
  // With a case beside the list the next one takes its place; whoever runs through the list asks for the last one only.
  if (document.querySelector("[data-beside].is-open")) waiting = setTimeout(() => all[at].click(), 200);
};

// In a review: the measure where one is, or the first one that is still undecided, passes or is returned; nothing is
// handed in. Without such a form the key opens the review.
const decide = (verdict) => {
  const choices = [...document.querySelectorAll(`.measure-form input[type=radio][value=${verdict}]`)].filter((one) => one.checkVisibility());
  const isOpen = (one) => !one.form.querySelector(`[name="${CSS.escape(one.name)}"]:checked`);
  const here = document.activeElement.closest(".measure-form");
  const choice = choices.find((one) => here?.contains(one)) ?? choices.find(isOpen);
  if (!choice) return false;
  choice.click();
  const next = verdict === "return" ? choice.closest(".measure-form").querySelector(".why textarea, .why input") : choices.find(isOpen);
  (next ?? choice).focus();
  (next ?? choice).closest(".measure-form").scrollIntoView({ block: "nearest" });
  return true;
};

const KEYS = {
  "/": () => { const field = document.querySelector("[type=search]"); field?.focus(); field?.select(); },
  j: () => move(1),
  k: () => move(-1),
  x: () => document.activeElement.closest(".batch-row, .case-row, .card")?.querySelector("input[type=checkbox]")?.click(),
  a: () => document.querySelector("[data-keys~=a]")?.click(),
  r: () => decide("return") || document.querySelector("[data-keys~=r]")?.click(),
  p: () => decide("pass") || document.querySelector("[data-keys~=p]")?.click(),
  b: () => document.querySelector("[data-keys~=b]")?.click(),
  u: () => document.querySelector("[data-keys~=u]")?.click(),
  "?": () => dialog?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.target.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])")) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

dialog?.addEventListener("click", (event) => { if (event.target.closest("[data-close]")) dialog.close(); });
for (const button of document.querySelectorAll("[data-show-keys]")) {
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
}
