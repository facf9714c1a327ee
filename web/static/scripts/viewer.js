// A photo over the whole window, without leaving the page: the next one by arrows or a swipe, larger and smaller, turned.
// Each photo has a page of its own that says the same; this script shows that page's article in a dialog, and gives the
// page its keys. Turned here, a photo is turned for this look only; for everybody it is turned by the form beside it.

import { askForPage, parsed } from "./asking.js";

const SMALLEST = 1, LARGEST = 6, STEP = 1.5;
const SWIPE = 60; // pixels
let dialog;
let quarters = 0;
let scale = 1;

const view = () => document.querySelector("dialog[open] [data-photo-view]") ?? document.querySelector("main [data-photo-view]");
const isInDialog = () => Boolean(dialog?.open);

// A picture that lies on its side takes the height of the window for its width.
const draw = () => {
  const stage = view().querySelector("[data-stage]");
  const picture = stage.querySelector("img");
  const isOnItsSide = quarters % 2 === 1;
  picture.style.transform = quarters ? `rotate(${quarters * 90}deg)` : "";
  picture.style.maxWidth = isOnItsSide ? `${stage.clientHeight * scale}px` : `${scale * 100}%`;
  picture.style.maxHeight = isOnItsSide ? `${stage.clientWidth * scale}px` : `${scale * 100}%`;
  picture.style.width = scale > 1 ? `${(isOnItsSide ? stage.clientHeight : stage.clientWidth) * scale}px` : "";
  stage.classList.toggle("is-large", scale > 1);
  view().querySelector("[data-scale]").textContent = `${Math.round(scale * 100)} %`;
};

const zoom = (to) => {
  const stage = view().querySelector("[data-stage]");
  const [x, y] = [(stage.scrollLeft + stage.clientWidth / 2) / stage.scrollWidth, (stage.scrollTop + stage.clientHeight / 2) / stage.scrollHeight];
  scale = Math.max(SMALLEST, Math.min(LARGEST, to));
  draw();
  stage.scrollTo(x * stage.scrollWidth - stage.clientWidth / 2, y * stage.scrollHeight - stage.clientHeight / 2);
};

const turn = () => { quarters = (quarters + 1) % 4; draw(); };

const prepare = () => {
  const found = view();
  if (!found) return;
  quarters = 0;
  scale = 1;
  found.querySelector("[data-tools]").hidden = false;
  found.querySelector("[data-close-view]").hidden = !isInDialog();
  draw();
};

const read = async (address, options) => {
  const answer = await askForPage(address, options);
  if (!answer?.isOk) return undefined;
  const page = parsed(answer.content);
  return { article: page.querySelector("main [data-photo-view]"), address: answer.address, said: page.querySelector("main > .messages") };
};

// Puts a photo's article into the dialog; the focus stays with what was pressed, else it goes to the picture.
const show = async (address) => {
  const pressed = document.activeElement?.getAttribute("rel");
  const found = await read(address);
  if (!found?.article) { location.assign(address); return; }
  dialog.replaceChildren(document.importNode(found.article, true));
  dialog.dataset.shown = new URL(found.address).pathname;
  if (!dialog.open) dialog.showModal();
  prepare();
  (dialog.querySelector(`a[rel=${pressed}]`) ?? dialog.querySelector("[data-stage]")).focus({ preventScroll: true });
};

// The small pictures of the page behind are asked for anew once a photo was turned.
const renew = (address) => {
  const start = address.replace(/photo$/, "preview/");
  for (const picture of document.querySelectorAll(`main img[src^="${start}"]`)) {
    picture.removeAttribute("srcset");
    picture.src = `${picture.getAttribute("src").split("?")[0]}?turned=${Date.now()}`;
  }
};

const open = (link) => {
  dialog ??= document.body.appendChild(Object.assign(document.createElement("dialog"), { className: "viewer" }));
  if (!dialog.isConnected) document.body.append(dialog); // an answer took the page's place
  dialog.setAttribute("aria-label", link.querySelector("img")?.alt ?? "");
  dialog.addEventListener("close", () => {
    const last = document.querySelector(`a[data-photo][href="${CSS.escape(dialog.dataset.shown ?? "")}"]`);
    (last ?? link).focus();
    dialog.replaceChildren();
  }, { once: true });
  show(link.href);
};

const go = (rel) => {
  const link = view().querySelector(`a[rel=${rel}]`);
  if (!link) return;
  if (isInDialog()) show(link.href); else location.assign(link.href);
};

document.addEventListener("click", (event) => {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest("a[data-photo]");
  if (link) { event.preventDefault(); open(link); return; }
  if (!view()?.contains(event.target)) return;
  const step = event.target.closest("a[rel=prev], a[rel=next]");
  if (step && isInDialog()) { event.preventDefault(); show(step.href); }
  const by = event.target.closest("[data-zoom]")?.dataset.zoom;
  if (by) zoom(by === "in" ? scale * STEP : scale / STEP);
  if (event.target.closest("[data-turn-view]")) turn();
  if (event.target.closest("[data-close-view]")) dialog.close();
});

document.addEventListener("dblclick", (event) => { if (event.target.closest("[data-stage]")) zoom(scale > 1 ? 1 : 2); });

// Without an answer the reader stays here, is told, and has the picture turned for this look.
const sayNotTurned = (form) => {
  form.querySelector("[role=alert]")?.remove();
  const said = Object.assign(document.createElement("p"), { className: "message error", textContent: form.dataset.notTurned });
  said.setAttribute("role", "alert");
  form.append(said);
  said.scrollIntoView({ block: "nearest" });
  quarters = 1; // from how it is shown to everybody
  draw();
};

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-photo-view] [data-turn]");
  if (!form) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const found = await read(form.action, { method: "POST", body: new FormData(form, event.submitter) });
  if (!form.isConnected) return; // closed, or at another photo meanwhile
  if (!found) { sayNotTurned(form); return; }
  if (!found.article) { location.reload(); return; } // the sign-in has ended
  view().replaceWith(document.importNode(found.article, true));
  if (found.said) view().querySelector("header").append(document.importNode(found.said, true));
  prepare();
  view().querySelector("[data-turn] button").focus({ preventScroll: true });
  if (isInDialog()) renew(dialog.dataset.shown);
}, true);

const KEYS = {
  ArrowLeft: () => go("prev"),
  ArrowRight: () => go("next"),
  "+": () => zoom(scale * STEP),
  "=": () => zoom(scale * STEP),
  "-": () => zoom(scale / STEP),
  0: () => zoom(1),
  t: turn,
};

document.addEventListener("keydown", (event) => {
  if (!view() || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  if (event.key === "Escape" && !isInDialog() && !document.querySelector("dialog[open]")) { document.querySelector("[data-leave]")?.click(); return; }
  // A large picture is moved by the arrows, as everything that scrolls.
  if (scale > 1 && event.key.startsWith("Arrow")) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

let began;
document.addEventListener("pointerdown", (event) => { began = event.isPrimary && event.pointerType === "touch" && scale === 1 && event.target.closest("[data-stage]") ? event.clientX : undefined; });
document.addEventListener("pointerup", (event) => {
  if (began === undefined) return;
  const moved = event.clientX - began;
  began = undefined;
  if (Math.abs(moved) > SWIPE) go(moved < 0 ? "next" : "prev");
});
addEventListener("resize", () => { if (view()) draw(); });

prepare();
