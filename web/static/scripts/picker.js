// A village or a person by typing: a list below the field, by mouse, finger or arrow keys. Without it the server asks back.

import { askForData } from "./asking.js";

const enhance = () => {
  const field = document.querySelector("[data-picker]");
  const code = document.querySelector("[data-picked]");
  if (!field || !code) return;
  const box = document.createElement("div");
  const list = document.createElement("ul");
  box.className = "picker";
  list.className = "picker-list";
  list.id = "picker-list";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0]?.innerText ?? "");
  field.replaceWith(box);
  box.append(field, list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) {
    field.setAttribute(name, value);
  }
  const source = field.dataset.picker === "people" ? "/people/found?" : "/units?for=report&";
  let at = -1;
  let asked = 0;
  let waiting;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const close = () => { list.hidden = true; at = -1; field.setAttribute("aria-expanded", "false"); field.removeAttribute("aria-activedescendant"); };
  const take = (option) => { field.value = option.dataset.name; code.value = option.dataset.code; close(); field.dispatchEvent(new Event("input", { bubbles: true })); };
  const mark = (index) => {
    const all = options();
    at = (index + all.length) % all.length;
    all.forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    all[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", all[at].id);
  };
  const show = (choices) => {
    list.replaceChildren(...choices.map((choice, n) => {
      const option = document.createElement("li");
      option.setAttribute("role", "option");
      option.id = `picker-${n}`;
      option.dataset.code = choice.code;
      option.dataset.name = choice.name;
      const where = document.createElement("small");
      where.textContent = choice.above;
      option.append(choice.name, where);
      option.addEventListener("mousedown", (event) => { event.preventDefault(); take(option); });
      return option;
    }));
    list.hidden = choices.length === 0;
    at = -1;
    field.setAttribute("aria-expanded", String(!list.hidden));
  };
  const ask = async () => {
    const words = field.value.trim();
    if (!words) return close();
    const mine = ++asked;
    const answer = await askForData(`${source}words=${encodeURIComponent(words)}`);
    if (answer?.isUsable && mine === asked) show(answer.content.units ?? answer.content.people);
  };
  field.addEventListener("input", (event) => {
    if (!event.isTrusted) return;
    code.value = "";
    clearTimeout(waiting);
    waiting = setTimeout(ask, 150);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") { mark(at + 1); event.preventDefault(); }
    if (event.key === "ArrowUp") { mark(at - 1); event.preventDefault(); }
    if (event.key === "Enter" && at >= 0) { take(options()[at]); event.preventDefault(); }
    if (event.key === "Escape") close();
  });
  field.addEventListener("blur", () => setTimeout(close, 100));
};

enhance();
document.addEventListener("content", enhance);
