// More ways to choose files than the browser's own: pasted from the clipboard, dropped anywhere on the field, and made
// smaller before they are sent where the line is slow. Each ends in the field itself, so that whatever comes after (small
// pictures, hints, sending at once) knows nothing of it.

import { canReduce, isSlow, reduced } from "./reducing.js";
import { quartersOf, setQuarters } from "./turns.js";

const FIELDS = "input[type=file][data-upload][multiple]";
const ready = new WeakSet(); // files that are in the field as they will be sent
const originals = new WeakMap(); // a smaller file → what it was made from

const fieldsOf = (form) => [...form.querySelectorAll(FIELDS)].filter((field) => field.checkVisibility());
const boxOf = (field) => field.closest(".field") ?? field.parentElement;
const switchOf = (field) => boxOf(field).querySelector("[data-reduce]");

const keepTurn = (from, to) => { if (from !== to) setQuarters(to, quartersOf(from)); return to; };

const put = (field, files) => {
  const basket = new DataTransfer();
  files.forEach((file) => basket.items.add(file));
  field.files = basket.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
};

const isWanted = (field) => switchOf(field)?.checked ?? false;

// Before anybody else hears that files were chosen: the smaller ones take their places.
addEventListener("change", async (event) => {
  const field = event.target;
  if (!field.matches?.(FIELDS) || !isWanted(field)) return;
  const files = [...field.files];
  if (!files.some((file) => canReduce(file) && !ready.has(file))) return;
  event.stopImmediatePropagation();
  const made = [];
  for (const file of files) { // one after the other: a phone holds one large picture at a time
    const small = canReduce(file) && !ready.has(file) ? await reduced(file, field.dataset.reduced) : file;
    ready.add(small);
    if (small !== file) originals.set(keepTurn(file, small), file);
    made.push(small);
  }
  put(field, made);
}, true);

// Kept for this device. What stands in the field already follows: back to the originals, or smaller.
addEventListener("change", ({ target }) => {
  if (!target.matches?.("[data-reduce]")) return;
  try { localStorage.setItem("reduce", target.checked ? "1" : "0"); } catch { /* for this page only */ }
  const field = boxOf(target).querySelector(FIELDS);
  if (!field.files.length) return;
  const files = target.checked ? [...field.files] : [...field.files].map((file) => keepTurn(file, originals.get(file) ?? file));
  if (target.checked) files.forEach((file) => ready.delete(file));
  field.dispatchEvent(new CustomEvent("empty", { bubbles: true })); // files.js would add to what was chosen before
  put(field, files);
});

const add = (field, files) => {
  const wanted = files.filter((file) => field.accept.split(",").some((one) => one === file.type || file.name.toLowerCase().endsWith(one)));
  if (!wanted.length) return false;
  const isAtOnce = Boolean(field.form.querySelector("button[name=keep]"));
  put(field, isAtOnce ? [...field.files, ...wanted] : wanted); // otherwise files.js adds them up
  boxOf(field).scrollIntoView({ block: "nearest" });
  return true;
};

// Into the field where one is, else into the only one or the first that is seen.
addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!files.length) return;
  const form = event.target.closest?.("form") ?? document.querySelector(`form:has(${FIELDS})`);
  if (!form) return;
  const near = event.target.closest?.("fieldset, .field")?.querySelector(FIELDS);
  const field = near ?? fieldsOf(form)[0];
  const moment = new Date().toISOString().replace(/\D/g, "").slice(0, 17);
  // A picture of the screen is always called image.png: two of them would be taken for one.
  const named = files.map((file, n) => (/^image\.\w+$/.test(file.name) ? new File([file], `${moment}-${n + 1}.${file.name.split(".").pop()}`, { type: file.type }) : file));
  if (field && add(field, named)) event.preventDefault();
});

const under = (event) => {
  const field = event.target.closest?.("fieldset.measure-form, .field")?.querySelector(FIELDS);
  return field && [...(event.dataTransfer?.types ?? [])].includes("Files") ? field : undefined;
};
const mark = (field) => {
  for (const box of document.querySelectorAll(".is-dropped-on")) box.classList.remove("is-dropped-on");
  if (field) boxOf(field).classList.add("is-dropped-on");
};
addEventListener("dragover", (event) => { const field = under(event); mark(field); if (field) event.preventDefault(); });
addEventListener("dragleave", (event) => { if (!event.relatedTarget) mark(); });
addEventListener("drop", (event) => {
  const field = under(event);
  mark();
  if (!field) return;
  event.preventDefault();
  add(field, [...event.dataTransfer.files]);
});

// Beside each field what else it takes, and whether photos are made smaller first.
const enhance = () => {
  for (const field of document.querySelectorAll(FIELDS)) {
    if (!field.dataset.reduced || switchOf(field)) continue;
    const words = document.createElement("p");
    const label = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox" });
    words.className = "choosing";
    box.dataset.reduce = "";
    let kept;
    try { kept = localStorage.getItem("reduce"); } catch { /* none */ }
    box.checked = kept ? kept === "1" : isSlow();
    label.append(box, field.dataset.smaller);
    words.append(label, Object.assign(document.createElement("span"), { textContent: field.dataset.ways }));
    field.after(words);
  }
};

enhance();
document.addEventListener("content", enhance);
document.addEventListener("parts", enhance); // of a page, that uploads.js exchanged
