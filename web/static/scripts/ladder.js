// A number of the ladder is changed: what it would have done is asked for at once and put beside it. Without this script
// the button asks.

import { askForPage, parsed } from "./asking.js";

const form = document.querySelector("[data-ladder]");
let waiting;
let asking;

const ask = async () => {
  asking?.abort();
  asking = new AbortController();
  const said = new FormData(form);
  said.set("look", "1");
  const answer = await askForPage(location.href, { method: "POST", body: said, signal: asking.signal });
  if (!answer?.isUsable) return; // what can't be so is said when it is handed in
  const page = parsed(answer.content);
  for (const cell of form.querySelectorAll("[data-then]")) {
    const next = page.querySelector(`[data-then="${cell.dataset.then}"]`);
    if (next) cell.replaceChildren(...next.childNodes);
  }
  const told = form.querySelector("[data-told]");
  told.textContent = told.dataset.told;
};

form?.addEventListener("input", ({ target }) => {
  if (target.type !== "number") return;
  clearTimeout(waiting);
  waiting = setTimeout(ask, 400);
});
