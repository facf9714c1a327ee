// Sends a form with files so that the way they have gone can be seen; the answer takes the page's place, as it would
// without this script. A chosen file is sent at once where the form has a button to keep files: then only the parts of
// the page that show files are exchanged, and nobody is disturbed in writing. Words and files stay on the page when the
// line breaks or the sign-in has ended.

import { askForData } from "./asking.js";

const say = (form, words, { failed = false, link = "" } = {}) => {
  const box = document.createElement("p");
  const line = document.createElement("span");
  box.className = failed ? "upload failed" : "upload";
  box.setAttribute("role", failed ? "alert" : "status");
  line.textContent = words ?? "";
  box.append(line);
  if (link) box.append(" ", Object.assign(document.createElement("a"), { href: link, target: "_blank", textContent: form.dataset.signIn }));
  form.querySelector(".upload")?.remove();
  form.querySelector(".act").before(box);
  return box;
};

const failed = (form, words, link) => {
  say(form, words, { failed: true, link });
  delete form.dataset.sent;
  delete form.dataset.sending;
  form.querySelector(".busy")?.classList.remove("busy");
};

// What is shown; the browser's arrow to another address means the page that was there before, a # within it does not.
let shown = location.pathname + location.search;
let isExchanged = false;

const filesOf = (form) => new Map([...form.querySelectorAll("input[type=file]")].map((input) => [input.name, [...input.files]]));

const giveBack = (files) => {
  for (const [name, list] of files) {
    const input = document.querySelector(`form[data-keep] input[type=file][name="${CSS.escape(name)}"]`);
    if (!input || !list.length || input.form.querySelector("button[name=keep]")) continue;
    const basket = new DataTransfer();
    list.forEach((file) => basket.items.add(file));
    input.files = basket.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
};

const show = (page, address, files) => {
  const isElsewhere = new URL(address).pathname !== location.pathname;
  const place = scrollY;
  if (isElsewhere) history.pushState(null, "", address);
  isExchanged = true;
  shown = location.pathname + location.search;
  document.title = page.title;
  document.body.replaceWith(document.adoptNode(page.body));
  scrollTo(0, isElsewhere ? 0 : place);
  if (!isElsewhere) giveBack(files);
  document.dispatchEvent(new Event("content"));
  // What only the new page needs; a module that is there already has heard of the content.
  for (const { href } of page.querySelectorAll("head link[rel=stylesheet]:not([media])")) {
    if (![...document.styleSheets].some((sheet) => sheet.href === href)) document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  }
  for (const { src } of page.querySelectorAll("head script[src]")) {
    if ([...document.scripts].some((script) => script.src === src)) continue;
    document.head.append(Object.assign(document.createElement("script"), { type: "module", src }));
  }
};

// The parts that show files, and what is said about them. A part with a file that was not sent yet waits.
const exchange = (form, page, files, pressed) => {
  let isMore = false;
  for (const part of form.querySelectorAll("[data-part]")) {
    const isNew = [...part.querySelectorAll("input[type=file]")].some((input) => [...input.files].some((file) => !files.get(input.name)?.includes(file)));
    isMore ||= isNew;
    const next = page.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
    if (next && !isNew) part.replaceWith(document.adoptNode(next));
  }
  const said = page.querySelector("main > .messages")?.textContent.trim();
  const wrong = page.querySelector("form[data-keep] > .alert")?.textContent.trim();
  say(form, [said, wrong].filter(Boolean).join(" "), { failed: Boolean(wrong) });
  delete form.dataset.sending;
  delete form.dataset.sent;
  form.querySelector(".busy")?.classList.remove("busy");
  document.dispatchEvent(new Event("parts"));
  // Who turns a photo by the keyboard presses the same button again.
  if (pressed?.name === "turn") form.querySelector(`button[name=turn][value="${CSS.escape(pressed.value)}"]`)?.focus({ preventScroll: true });
  if (isMore) sendAtOnce(form);
};

// One bar a file: they go out one after the other, so what has gone belongs to the first ones. What comes before them in
// the request, and what stands between them, is small beside a photo.
const progressOf = (form, box, files) => {
  const bar = (name) => {
    const progress = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    progress.setAttribute("aria-label", name);
    return progress;
  };
  if (files.length < 2) {
    const only = bar(files[0]?.name ?? form.dataset.uploading ?? "");
    box.append(only);
    return (loaded, total) => { only.value = loaded / total; };
  }
  const list = document.createElement("span");
  list.className = "upload-each";
  const bars = files.map((file) => {
    const line = document.createElement("span");
    const progress = bar(file.name);
    line.append(Object.assign(document.createElement("span"), { textContent: file.name }), progress);
    list.append(line);
    return progress;
  });
  box.append(list);
  const whole = files.reduce((sum, file) => sum + file.size, 0);
  return (loaded, total) => {
    let gone = loaded === total ? whole : Math.max(0, loaded - (total - whole));
    bars.forEach((progress, n) => { progress.value = Math.min(1, gone / (files[n].size || 1)); gone = Math.max(0, gone - files[n].size); });
  };
};

// Nothing (undefined) where the line is away.
const isSignedIn = async () => {
  const address = document.querySelector("[data-bell]")?.dataset.bell;
  if (!address) return true;
  const answer = await askForData(address);
  return answer && !answer.isRedirected;
};

// What is done to a file that has arrived.
const WITHOUT_FILES = ["take_back", "turn"];

const send = async (form, submitter) => {
  const isPartly = submitter?.name === "keep" || WITHOUT_FILES.includes(submitter?.name);
  const files = filesOf(form);
  form.dataset.sending = "1";
  const box = say(form, form.dataset.uploading);
  const signedIn = await isSignedIn();
  if (signedIn === undefined) return failed(form, form.dataset.uploadFailed);
  if (!signedIn) return failed(form, form.dataset.signedOut, "/sign-in");
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (token) form.querySelector("[name=csrfmiddlewaretoken]").value = token;
  const progress = progressOf(form, box, [...files.values()].flat());
  const request = new XMLHttpRequest();
  request.open("POST", form.action || location.href);
  request.upload.addEventListener("progress", ({ loaded, total }) => progress(loaded, total));
  request.addEventListener("load", () => {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    if (!page.body.dataset.person) return failed(form, form.dataset.signedOut, "/sign-in");
    if (request.status >= 500 || request.status === 413) return failed(form, form.dataset.uploadFailed);
    if (isPartly && page.querySelector("form[data-keep] [data-part]")) return exchange(form, page, files, submitter);
    return show(page, request.responseURL, files);
  });
  request.addEventListener("error", () => failed(form, form.dataset.uploadFailed));
  request.send(new FormData(form, submitter));
};

const sendAtOnce = (form) => {
  const keep = form.querySelector("button[name=keep]");
  if (keep && !form.dataset.sending) send(form, keep);
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.enctype !== "multipart/form-data") return;
  if (!WITHOUT_FILES.includes(event.submitter?.name) && ![...filesOf(form).values()].some((files) => files.length)) return;
  event.preventDefault();
  send(form, event.submitter);
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("input[type=file]") && target.files.length) sendAtOnce(target.form);
});

// Where no answer took the page's place, the address was changed by somebody else: a case that opened beside its list.
addEventListener("popstate", () => { if (isExchanged && location.pathname + location.search !== shown) location.reload(); });
