// What is being entered: kept at every step under its person, and saved when it was read back.

import * as camera from "./camera.js";
import { NotTaken, read } from "./photos.js";
import { showAddition, showOdd } from "./asides.js";
import { turnButton } from "./turning.js";
import { isOdd, position } from "./position.js";
import { Damaged, keepDraft, keepPhoto, photoOf, removePhoto, save, setSetting, setting } from "./store.js";
import { element, moment, said, words } from "./words.js";
import { isChosen, middleOfCity, showVillage, whenAdding } from "./villages.js";

const form = document.getElementById("entering");
const fields = () => [...form.querySelectorAll("[data-value]")];
const list = document.getElementById("photos");
const more = document.getElementById("more");
const note = document.getElementById("entered");
const wordsField = form.querySelector("[data-value=description]");
const QUIET = 300;

let person;
let draft;
let timer;
let onSaved = () => {};
let busy = Promise.resolve();

// The day as the server's clock has it, as far as this phone knows: its own may be a year off.
const today = () => new Date(Date.now() - (person?.clockOff ?? 0)).toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });
const blank = (values = {}) => ({ key: crypto.randomUUID(), person: person.id, state: "draft", at: new Date().toISOString(), values: { village: "", description: "", found_on: today(), ...values }, files: [], pending: null });

export const say = (text, kind = "info") => {
  note.className = `message ${kind}`;
  note.replaceChildren(element("span", { textContent: text }));
  note.hidden = !text;
};

const isFull = (error) => error?.name === "QuotaExceededError" || error?.inner?.name === "QuotaExceededError";
const complain = (error) => say(isFull(error) ? words.full : error instanceof Damaged ? words.not_read_back : said("not_stored", { why: error?.message ?? "" }), "error");

const collect = () => {
  for (const field of fields()) draft.values[field.dataset.value] = field.value;
  draft.villageName = form.querySelector("[data-village-name]").value;
};

// Everything that writes the draft goes one after the other.
const write = (act) => { busy = busy.then(act, act); return busy; };
const keep = () => write(async () => { collect(); try { await keepDraft(draft); } catch (error) { complain(error); } });

const thumbnail = async (file) => {
  const item = element("li");
  const photo = await photoOf(file.key);
  const turn = [];
  if (photo) {
    const image = element("img", { alt: file.name, src: URL.createObjectURL(new Blob([photo.bytes], { type: file.type })) });
    image.addEventListener("load", () => URL.revokeObjectURL(image.src));
    item.append(image);
    const turned = (quarters) => { file.quarters = quarters; keep(); };
    turn.push(turnButton({ word: words.turn, name: file.name, picture: image, quarters: file.quarters ?? 0, turned }));
  }
  const line = [said("size", { kb: Math.ceil(file.size / 1024) }), file.original && words.reduced, file.position && words.has_position].filter(Boolean).join(" · ");
  const away = element("button", { type: "button", className: "away", textContent: "×" });
  away.setAttribute("aria-label", `${words.remove} ${file.name}`);
  away.addEventListener("click", () => write(async () => {
    draft.files = draft.files.filter(({ key }) => key !== file.key);
    await removePhoto(file.key, draft);
    await show();
  }));
  item.append(element("span", { textContent: line }), ...turn, away);
  return item;
};

const show = async () => {
  list.replaceChildren(...await Promise.all(draft.files.map(thumbnail)));
};

const fill = async () => {
  for (const field of fields()) field.value = draft.values[field.dataset.value] ?? "";
  showVillage(draft.values.village, draft.villageName ?? "");
  if (!draft.values.position) form.querySelector("[data-place]").textContent = "";
  asides();
  await show();
};

// A comment's photos are shown as they come.
const asides = () => {
  showAddition(draft.values, more);
  showOdd(draft.values.position);
  list.classList.toggle("as-they-come", Boolean(draft.values.addition));
};
// A case takes so many, a comment in it so many.
const most = () => Number(draft.values.addition ? list.dataset.mostAdded : list.dataset.most);

// The slot is written before the camera opens: the page may not live until the photo is there.
const expect = (how) => { draft.pending = { how, at: new Date().toISOString() }; return keep(); };
const arrived = () => { draft.pending = null; };

const add = (blob, name) => write(async () => {
  collect();
  if (draft.files.length >= most()) return say(said("too_many", { most: most() }), "error");
  const mine = draft;
  const where = position();
  try {
    const { bytes, ...file } = await read(blob, name, { mayReduce: person.reduces });
    if (mine.files.some(({ sha256 }) => sha256 === file.sha256)) return say(words.twice, "warning");
    file.taken_at = new Date().toISOString();
    file.position = null;
    mine.files = [...mine.files, file];
    arrived();
    try { await keepPhoto({ key: file.key, entry: mine.key, person: mine.person, sha256: file.sha256, bytes }, mine); } catch (error) {
      mine.files = mine.files.filter((one) => one !== file);
      return complain(error);
    }
    say(said("photo_kept", { name }));
    await show();
    if (!draft.values.description.trim()) wordsField.focus({ preventScroll: true });
    where.then((place) => { if (place) write(() => placed(mine, file, place)); });
  } catch (error) {
    arrived();
    if (error instanceof NotTaken) say(said(error.message, { name }), "error");
    else complain(error);
  }
});

const placed = async (mine, file, place) => {
  if (draft !== mine || draft.state !== "draft") return;
  if (isOdd(place, middleOfCity())) place.odd = true;
  file.position = place;
  draft.values.position ??= place;
  form.querySelector("[data-place]").textContent = said("placed", { metres: place.accuracy });
  asides();
  collect();
  await keepDraft(draft).catch(complain);
};

const addFiles = async (input) => {
  for (const file of input.files) await add(file, file.name);
  input.value = "";
};

const takePhoto = async () => {
  await expect("take");
  if (!camera.hasCamera()) return form.querySelector("#capture").click();
  try { await camera.open(); } catch { form.querySelector("#capture").click(); }
};

const missing = () => [!isChosen() && "village_missing", !draft.values.description.trim() && "words_missing", draft.files.length > most() && "too_many"].filter(Boolean);

const submit = () => write(async () => {
  clearTimeout(timer);
  collect();
  const wrong = missing();
  if (wrong.length) {
    say(wrong.map((name) => said(name, { most: most() })).join(" "), "error");
    form.querySelector(wrong[0] === "village_missing" ? "[data-village-name]" : "[data-value=description]").focus();
    return;
  }
  const entry = { ...draft, state: "waits", saved_at: new Date().toISOString(), pending: null, reason: "", code: "" };
  try { await save(entry); } catch (error) { return complain(error); }
  const { village } = draft.values;
  const name = draft.villageName;
  await setSetting(`village:${person.id}`, { village, name });
  draft = { ...blank({ village }), villageName: name };
  await fill();
  more.open = false;
  say(said("saved", { village: name, count: entry.files.length }), "success");
  wordsField.focus({ preventScroll: true });
  onSaved(entry);
});

const hasSomething = () => Boolean(draft && (draft.files.length || draft.values.description.trim()));

export const edit = async (entry) => {
  if (hasSomething()) { say(words.finish_first, "warning"); return false; }
  draft = { ...entry, state: "draft", pending: null };
  await keepDraft(draft);
  await fill();
  more.open = Object.keys(entry.fields ?? {}).some((name) => more.querySelector(`[data-value="${name}"]`));
  form.scrollIntoView();
  return true;
};

// What is said of a position that can't be: it was right, or it is left out, of the photos too.
const answerOdd = (isRight) => write(async () => {
  collect();
  if (isRight) draft.values.position.confirmed = true;
  else {
    delete draft.values.position;
    for (const file of draft.files) if (file.position?.odd) file.position = null;
    form.querySelector("[data-place]").textContent = "";
  }
  asides();
  await show();
  await keepDraft(draft).catch(complain);
});

const addTo = (one) => {
  if (one) draft.values.addition = { number: one.number, version: one.version, event: one.event };
  else { delete draft.values.addition; delete draft.values.on_visit; }
  asides();
  keep();
  wordsField.focus({ preventScroll: true });
};

// A finding at an item of a visit's checklist; not while something else stands in the form.
export const enterFinding = async ({ visit, village, name }, { line, code, name: item }) => {
  if (hasSomething()) { say(words.finish_first, "warning"); form.scrollIntoView(); return true; }
  draft = { ...blank({ village, item: code, on_visit: { visit, line, name: item } }), villageName: name };
  await fill();
  await keep();
  form.scrollIntoView();
  return true;
};

export const isUntouched = () => !hasSomething();

export const enterFor = async (someone, entries) => {
  const isSame = person?.id === someone.id;
  const assumed = isSame && today();
  person = someone;
  if (isSame && draft) {
    if (draft.values.found_on === assumed && isUntouched()) { draft.values.found_on = today(); await fill(); }
    return;
  }
  const last = await setting(`village:${person.id}`);
  draft = entries.findLast?.(({ state }) => state === "draft") ?? entries.filter(({ state }) => state === "draft").at(-1) ?? { ...blank({ village: last?.village ?? "" }), villageName: last?.name ?? "" };
  await fill();
  say(draft.pending ? said("pending_lost", { at: moment(draft.pending.at) }) : hasSomething() ? words.draft_back : "", "warning");
};

export const wire = (saved) => {
  onSaved = saved;
  form.addEventListener("input", ({ target }) => { if (draft && target.type !== "file") { clearTimeout(timer); timer = setTimeout(keep, QUIET); } });
  form.addEventListener("submit", (event) => { event.preventDefault(); if (draft) submit(); });
  form.querySelector("#take").addEventListener("click", () => { if (draft) takePhoto(); });
  form.querySelector("#choose-button").addEventListener("click", async () => { if (draft) { await expect("choose"); form.querySelector("#choose").click(); } });
  for (const input of form.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => addFiles(input));
    input.addEventListener("cancel", () => { if (draft) { arrived(); keep(); } });
  }
  whenAdding((one) => { if (draft) addTo(one); });
  form.querySelector("[data-value=village]").addEventListener("input", () => { if (draft?.values.addition || draft?.values.on_visit) addTo(null); });
  form.querySelector("#as-finding").addEventListener("click", () => addTo(null));
  for (const button of form.querySelectorAll("#odd button")) button.addEventListener("click", () => answerOdd(button.value === "keep"));
  document.getElementById("shutter").addEventListener("click", async () => { const blob = await camera.shoot(); camera.close(); await add(blob, `${new Date().toISOString().replace(/\D/g, "").slice(0, 14)}.jpg`); });
  document.getElementById("camera-app").addEventListener("click", () => { camera.close(); form.querySelector("#capture").click(); });
  document.getElementById("camera-close").addEventListener("click", () => { camera.close(); arrived(); keep(); });
};
