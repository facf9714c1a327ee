// The village by typing a part of its name: a list of buttons below the field, and what is open there already.

import { element, said, words } from "./words.js";

const field = document.querySelector("[data-village-name]");
const code = document.querySelector("[data-value=village]");
const list = document.getElementById("villages");
const known = document.getElementById("known");
const SHOWN = 8;
let area = null;
let add = () => {};

// What is to happen when somebody wants to add to a case that is known here.
export const whenAdding = (act) => { add = act; };
export const middleOfCity = () => area?.middle ?? null;

const found = (typed) => {
  const parts = typed.trim().split(/\s+/);
  return (area?.villages ?? []).filter((village) => parts.every((part) => village.some((text) => text?.includes(part)))).slice(0, SHOWN);
};

const showObjects = () => {
  const there = (area?.visits ?? []).filter(({ village }) => village === code.value).flatMap(({ objects = [] }) => objects);
  document.getElementById("objects").replaceChildren(...[...new Set(there)].map((value) => element("option", { value })));
};

const showKnown = () => {
  showObjects();
  const cases = (area?.cases ?? []).filter(({ village }) => village === code.value);
  known.hidden = !cases.length;
  known.querySelector("summary").textContent = said("known", { count: cases.length });
  known.querySelector("ul").replaceChildren(...cases.map((one) => {
    const item = element("li", {}, element("span", { textContent: `${one.number} · ${one.words} · ${one.stage}` }));
    if (one.event === undefined) return item; // taken along before one could add to it
    const button = element("button", { type: "button", className: "quiet", textContent: words.add });
    button.setAttribute("aria-label", `${words.add} ${one.number}`);
    button.addEventListener("click", () => add(one));
    item.append(" ", button);
    return item;
  }));
};

const choose = ([number, name]) => {
  code.value = number;
  field.value = name;
  list.replaceChildren();
  showKnown();
  code.dispatchEvent(new Event("input", { bubbles: true }));
  document.querySelector("[data-value=description]").focus({ preventScroll: true });
};

const offer = () => {
  list.replaceChildren(...found(field.value).map((village) => {
    const button = element("button", { type: "button", className: "secondary" }, element("span", { textContent: village[1] }), " ", element("small", { textContent: [village[3], village[2]].filter(Boolean).join(" · ") }));
    button.addEventListener("click", () => choose(village));
    return element("li", {}, button);
  }));
};

export const isChosen = () => Boolean(code.value);
export const showVillage = (number, name) => { code.value = number; field.value = name; list.replaceChildren(); showKnown(); };

export const takeArea = (next) => {
  area = next;
  const items = document.querySelector("[data-value=item]");
  const chosen = items.value;
  items.replaceChildren(element("option", { value: "", textContent: words.not_sure }), ...(area?.categories ?? []).map(({ aspect, items: some }) => {
    const group = element("optgroup", { label: aspect });
    group.append(...some.map(([value, name]) => element("option", { value, textContent: name })));
    return group;
  }));
  items.value = chosen;
  if (area?.villages.length === 1 && !code.value) showVillage(area.villages[0][0], area.villages[0][1]);
  showKnown();
};

field.addEventListener("focus", () => { if (code.value) field.select(); else offer(); });
field.addEventListener("input", () => { code.value = ""; offer(); showKnown(); });
