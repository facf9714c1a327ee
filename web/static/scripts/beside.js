// A case beside its list where there is room for both. Without this, and where there is none, a link opens its page.

import { askForPage, parsed } from "./asking.js";

const split = document.querySelector("[data-beside]");
const pane = split?.querySelector("[data-beside-case]");
const hasRoom = matchMedia("(min-width: 1280px)");
const title = document.title;
let asked = 0;
let opened = "";

const mark = (address) => {
  for (const link of split.querySelectorAll(".row-link")) {
    const isOpen = link.href === address;
    link.closest(".case-row, .card, li")?.classList.toggle("is-open", isOpen);
    if (isOpen) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
  }
};

const close = () => {
  asked += 1;
  opened = "";
  pane.hidden = true;
  pane.querySelector("article")?.remove();
  split.classList.remove("is-open");
  mark("");
  document.title = title;
};

// The scripts of a case's page that this page has not loaded.
const addScripts = (page) => {
  for (const { src } of page.querySelectorAll("script[type=module][src]")) {
    const address = new URL(new URL(src).pathname, location.origin).href;
    if ([...document.scripts].some((script) => script.src === address)) continue;
    document.head.append(Object.assign(document.createElement("script"), { type: "module", src: address }));
  }
};

const show = async (address) => {
  const mine = ++asked;
  mark(address);
  const answer = await askForPage(address);
  const page = answer?.isUsable ? parsed(answer.content) : undefined;
  if (mine !== asked) return;
  const article = page?.querySelector("main article");
  if (!article) { location.assign(address); return; }
  addScripts(page);
  pane.querySelector("article")?.remove();
  pane.append(document.importNode(article, true));
  pane.hidden = false;
  pane.scrollTop = 0;
  split.classList.add("is-open");
  document.title = page.title;
  pane.focus({ preventScroll: true });
  split.querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" });
  document.dispatchEvent(new Event("content"));
};

const open = (address) => {
  if (opened) history.replaceState({ beside: address }, "", address);
  else history.pushState({ beside: address }, "", address);
  opened = address;
  show(address);
};

if (split) {
  // The address will be the case's: what the list says relative to its own address is made whole before.
  for (const link of document.querySelectorAll('a[href^="?"]')) link.href = link.href;
  for (const form of document.querySelectorAll("form:not([action])")) form.action = location.pathname;

  split.addEventListener("click", (event) => {
    const link = event.target.closest(".row-link");
    if (!link || !hasRoom.matches || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(link.href);
  });
  pane.addEventListener("click", (event) => { if (event.target.closest("[data-close]")) history.back(); });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && opened && !document.querySelector("dialog[open]") && !event.target.matches("input, textarea, select")) history.back();
  });
  addEventListener("popstate", ({ state }) => {
    if (!split.isConnected) return; // an answer took the page's place
    if (!state?.beside) { const link = split.querySelector("[aria-current=true]"); close(); link?.focus(); return; }
    opened = state.beside;
    show(opened);
  });
}
