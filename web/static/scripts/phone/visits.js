// The visits that travel along: each item of the checklist one tap, kept at every tap; done when every item is answered,
// every finding entered, and the summary signed or said why not. Sent like an entry, after its findings.

import { showPhotos } from "./along.js";
import { isOdd, position } from "./position.js";
import { entriesOf, save, setSetting, setting } from "./store.js";
import { middleOfCity } from "./villages.js";
import { element, moment, said, words } from "./words.js";

const list = document.getElementById("visits");
const box = document.getElementById("visit");
const form = document.getElementById("visit-end");
const note = document.getElementById("visit-said");
const field = (name) => form.elements.namedItem(name);
const ANSWERS = ["in_order", "finding", "not_applicable"];

let person;
let visits = [];
let open = null;
let state = null;
let hooks = {};

export const onVisit = (entry, pk) => entry.values.on_visit?.visit === pk;
const findings = async (pk) => (await entriesOf(person.id)).filter((entry) => onVisit(entry, pk) && entry.state !== "draft");
const nameOf = (pk) => `visit:${person.id}:${pk}`;
const keep = () => setSetting(nameOf(open.visit), state);
const stateOf = async ({ visit, given, reported = [] }) => await setting(nameOf(visit)) ?? { answers: { ...given }, reported: [...reported], arrived_at: null };

const say = (text, kind) => {
  note.className = `message ${kind}`;
  note.replaceChildren(element("span", { textContent: text }));
  note.hidden = !text;
};

const row = ([line, code, name, standard], entered) => {
  const group = element("div", { className: "three" });
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", name);
  for (const answer of ANSWERS) {
    const button = element("button", { type: "button", className: "button secondary small", textContent: words[answer], value: answer });
    button.setAttribute("aria-pressed", String(state.answers[line] === answer));
    button.addEventListener("click", async () => {
      state.answers[line] = answer;
      if (!state.arrived_at && !open.has_arrived) arrive(); // whoever looks at the first item is there
      for (const other of group.children) other.setAttribute("aria-pressed", String(other === button));
      await keep();
      if (answer === "finding" && await hooks.finding(open, { line, code, name })) close();
    });
    group.append(button);
  }
  const count = entered.filter(({ values }) => values.on_visit.line === line).length;
  const item = element("li", {}, element("strong", { textContent: name }), element("p", { className: "help", textContent: standard }), group);
  if (count) item.append(element("small", { textContent: said("findings_entered", { count }) }));
  return item;
};

// They may come while the visit is open already.
const showLastPhotos = () => {
  if (open) showPhotos(document.getElementById("visit-photos"), visits.find(({ visit }) => visit === open.visit)?.photos);
};

const show = async () => {
  const entered = await findings(open.visit);
  box.querySelector("h2").textContent = `${open.name} · ${open.kind}`;
  showArrived();
  showLastPhotos();
  box.querySelector("[data-items]").replaceChildren(...open.items.map((item) => row(item, entered)));
  box.hidden = false;
};

const close = () => { box.hidden = true; open = null; };

const showArrived = () => {
  document.getElementById("visit-arrived").hidden = Boolean(state.arrived_at || open.has_arrived);
  document.getElementById("visit-arrived-at").textContent = state.arrived_at ? said("arrived", { at: moment(state.arrived_at) }) : "";
};

const arrive = () => {
  state.arrived_at = new Date().toISOString();
  showArrived();
  locate();
  return keep();
};

const locate = async () => {
  const place = await position();
  if (!place || !open || state.position) return;
  if (isOdd(place, middleOfCity())) {
    if (!confirm(said("odd_place", { latitude: place.latitude, longitude: place.longitude }))) return;
    place.odd = true;
  }
  state.position = place;
  await keep();
};

export const openVisit = async (pk) => {
  open = visits.find(({ visit }) => visit === pk);
  if (!open) return;
  state = await stateOf(open);
  say("", "info");
  await show();
  box.scrollIntoView();
  if (state.arrived_at || open.has_arrived) locate();
};

// A finding that was sent may be wiped here before the visit is done: its item is remembered.
export const findingEntered = async ({ values }) => {
  const { visit, line } = values.on_visit;
  const found = visits.find((one) => one.visit === visit);
  if (!found) return;
  const kept = await stateOf(found);
  await setSetting(nameOf(visit), { ...kept, reported: [...new Set([...kept.reported, line])] });
  await openVisit(visit);
};

// What is done stands in the queue; discarded there, it is to be made again.
export const showVisits = async (someone, area) => {
  person = someone;
  visits = area?.visits ?? [];
  showLastPhotos();
  const done = new Set((await entriesOf(person.id)).map(({ values }) => values.visit));
  const left = visits.filter(({ visit }) => !done.has(visit));
  const shown = left.map(({ visit }) => visit).join();
  if (list.dataset.shown === shown) return;
  list.dataset.shown = shown;
  list.hidden = !left.length;
  list.querySelector("ul").replaceChildren(...left.map(({ visit, name, kind, due }) => {
    const button = element("button", { type: "button", className: "button secondary", textContent: `${name} · ${kind}` });
    button.addEventListener("click", () => openVisit(visit));
    return element("li", {}, button, " ", element("small", { textContent: said("due", { day: due }) }));
  }));
};

const missing = (end) => {
  const unanswered = open.items.filter(([line]) => !state.answers[line]).length;
  const unreported = open.items.filter(([line]) => state.answers[line] === "finding" && !state.reported.includes(line));
  if (unanswered) return said("items_missing", { count: unanswered });
  if (unreported.length) return said("findings_missing", { items: unreported.map(([, , name]) => name).join("、") });
  if (end.outcome === "signed" && !end.name) return words.name_missing;
  if (end.outcome === "signed" && !end.strokes && !end.is_ticked) return words.not_signed;
  return end.outcome !== "signed" && !end.reason ? words.reason_missing : "";
};

const finish = async () => {
  const end = { outcome: field("outcome").value, name: field("name").value.trim(), strokes: field("strokes").value, is_ticked: field("is_ticked").checked, reason: field("reason").value.trim() };
  const entered = await findings(open.visit);
  const wrong = missing(end);
  if (wrong) return say(wrong, "error");
  const now = new Date().toISOString();
  const { answers } = state;
  const description = said("visit_words", { kind: open.kind, items: open.items.length, findings: entered.length });
  const entry = { key: crypto.randomUUID(), kind: "visit", person: person.id, state: "waits", at: now, saved_at: now, reason: "", code: "", villageName: open.name, files: [], values: { visit: open.visit, arrived_at: state.arrived_at, description, answers, end, position: state.position ?? null } };
  try { await save(entry); } catch (error) { return say(said("not_stored", { why: error?.message ?? "" }), "error"); }
  form.reset();
  outcomeChanged();
  form.querySelector("[data-clear]").click();
  close();
  hooks.done();
};

const outcomeChanged = () => {
  const isSigned = field("outcome").value === "signed";
  form.querySelector("[data-signed]").hidden = !isSigned;
  form.querySelector("[data-unsigned]").hidden = isSigned;
};

export const wireVisits = (given) => {
  hooks = given;
  form.addEventListener("submit", (event) => { event.preventDefault(); if (open) finish(); });
  form.addEventListener("change", outcomeChanged);
  document.getElementById("visit-arrived").addEventListener("click", arrive);
  document.getElementById("visit-close").addEventListener("click", close);
};
