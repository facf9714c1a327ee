// Writing a comment with less typing: a list of who may be named after an "@", the quoted words without a new page, and
// how many characters are left once it gets tight. Without it names are typed, and the server finds them.

import { askForData } from "./asking.js";

const SIGN = /(?:^|[^0-9A-Za-z._%+-])[@＠]([^\s@＠，。、；：！？,.;:!?()（）]{0,30})$/;
const MOST_SHOWN = 8;
const known = new Map();

const readersOf = async (address) => {
  if (!known.has(address)) {
    const answer = await askForData(address);
    if (!answer?.isUsable) return [];
    known.set(address, answer.content.readers);
  }
  return known.get(address);
};

const addList = (field) => {
  const box = document.createElement("div");
  const list = document.createElement("ul");
  box.className = "picker";
  list.className = "picker-list";
  list.id = `${field.id}-readers`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.dataset.who);
  field.replaceWith(box);
  box.append(field, list);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  return list;
};

const offerNames = (field) => {
  const list = addList(field);
  let at = -1;
  let asked = 0;

  const typed = () => field.value.slice(0, field.selectionStart).match(SIGN)?.[1];
  const close = () => { list.hidden = true; at = -1; field.removeAttribute("aria-activedescendant"); };
  const mark = (index) => {
    const all = [...list.children];
    at = (index + all.length) % all.length;
    all.forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    all[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", all[at].id);
  };
  const take = (option) => {
    const end = field.selectionStart;
    field.setRangeText(`${option.dataset.name} `, end - (typed() ?? "").length, end, "end");
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };
  const show = (readers) => {
    list.replaceChildren(...readers.map((reader, n) => {
      const option = document.createElement("li");
      const where = document.createElement("small");
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.id = `${list.id}-${n}`;
      option.dataset.name = reader.name;
      where.textContent = reader.where;
      option.append(reader.name, where);
      option.addEventListener("mousedown", (event) => { event.preventDefault(); take(option); });
      return option;
    }));
    list.hidden = readers.length === 0;
    if (!list.hidden) mark(0);
  };
  const look = async () => {
    const mine = ++asked;
    const words = typed();
    if (words === undefined) return close();
    const readers = await readersOf(field.dataset.mentions);
    if (mine !== asked) return;
    const fitting = readers.filter(({ name, where }) => name !== words && (name.includes(words) || (words && where.includes(words))));
    fitting.sort((one, other) => other.name.startsWith(words) - one.name.startsWith(words));
    show(fitting.slice(0, MOST_SHOWN));
  };
  field.addEventListener("input", (event) => { if (event.isTrusted) look(); });
  field.addEventListener("click", close);
  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown") mark(at + 1);
    else if (event.key === "ArrowUp") mark(at - 1);
    else if (event.key === "Enter" || event.key === "Tab") take(list.children[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", () => setTimeout(close, 100));
};

// What is too long is said while it is written; nothing is cut off.
const count = (field) => {
  const help = document.getElementById(field.getAttribute("aria-describedby")?.split(" ")[0]);
  const most = Number(field.dataset.most);
  if (!help || !most) return;
  const counter = Object.assign(document.createElement("span"), { className: "counter" });
  help.append(counter);
  const say = () => {
    const length = [...field.value.trim()].length;
    counter.textContent = length > most * 0.9 ? ` ${length} / ${most}` : "";
    counter.classList.toggle("over", length > most);
  };
  field.addEventListener("input", say);
  say();
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-quote], [data-about]");
  const form = document.querySelector("form.write");
  if (!link || !form || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.dataset.about) {
    form.elements.about.value = link.dataset.about;
    form.querySelector("details").open = true;
  } else {
    const comment = link.closest(".comment");
    const quoted = form.querySelector("[data-quoted]");
    form.elements.quotes.value = link.dataset.quote;
    quoted.querySelector("strong").textContent = comment.querySelector("strong").textContent;
    quoted.querySelector("span").textContent = (comment.querySelector(".comment-words")?.innerText ?? "").slice(0, 160);
    quoted.hidden = false;
  }
  form.elements.words.focus();
  form.scrollIntoView({ block: "center" });
});

const enhance = () => {
  for (const field of document.querySelectorAll("textarea[data-mentions]:not([aria-autocomplete])")) {
    offerNames(field);
    count(field);
  }
};

enhance();
document.addEventListener("content", enhance);
