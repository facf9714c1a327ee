// Results while somebody types: the arrows move through them, Enter opens, Escape closes. Without it the form leads to them.

import { askForPage } from "./asking.js";

const WAIT = 120;

const enhance = (form) => {
  const field = form.querySelector("input[name=words]");
  const box = form.querySelector(".search-found") ?? document.querySelector("main .search-found");
  const popsUp = box.classList.contains("quick-found");
  let waiting;
  let asked = 0;

  const show = (open) => { if (popsUp) box.hidden = !open; };
  const links = () => [...box.querySelectorAll("a")];

  const ask = async () => {
    const words = field.value.trim();
    const mine = ++asked;
    if (!words) return show(false);
    const answer = await askForPage(`/search/results?${new URLSearchParams({ words })}`);
    if (mine !== asked || !answer?.isUsable) return;
    box.innerHTML = answer.content;
    show(true);
  };

  field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, WAIT); });
  field.addEventListener("focus", () => show(Boolean(field.value.trim() && box.childElementCount)));
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) show(false); });
  form.parentElement.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && popsUp) { show(false); field.focus(); return; }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || (event.target !== field && !box.contains(event.target))) return;
    const stops = [field, ...links()];
    const next = stops[stops.indexOf(document.activeElement) + step];
    if (next) { next.focus(); event.preventDefault(); }
  });
  // What was typed before this script was there.
  if (document.activeElement === field && field.value.trim()) ask();
};

for (const form of document.querySelectorAll("[data-search], [data-search-page]")) enhance(form);
