// What somebody types into a long form stays in this browser until a page says that it was saved: through a reload, a
// closed tab, an ended sign-in, a line that breaks. It is kept under the person, shown to nobody else, and goes with the
// sign-out. Files are not kept here (uploads.js).

const FORGOTTEN_AFTER = 14 * 24 * 3600 * 1000;
const SENT = "sent"; // which draft this tab has handed in, until the answer is there
const FIELDS = "textarea, select, input[data-picked], input[name=rows], input:not([type=hidden], [type=file], [type=password])";
const isTick = (field) => field.type === "radio" || field.type === "checkbox";

const nameOf = (form) => `draft:${document.body.dataset.person}:${form.dataset.keep}`;

// A browser that keeps nothing (private windows, full storage) only loses this comfort.
const stored = (act) => { try { return act(localStorage); } catch { return null; } };

const wordsOf = (form) => {
  const typed = {};
  const ticked = {};
  for (const field of form.querySelectorAll(FIELDS)) {
    if (!field.name) continue;
    if (!isTick(field)) { typed[field.name] = field.value; continue; }
    ticked[field.name] ??= [];
    if (field.checked) ticked[field.name].push(field.value);
  }
  return { at: Date.now(), typed, ticked };
};

const keep = (form) => stored((store) => store.setItem(nameOf(form), JSON.stringify(wordsOf(form))));

const addRows = (form, typed) => {
  const rows = form.querySelector("input[name=rows]");
  for (let left = 20; rows && left && Number(rows.value) < Number(typed.rows); left--) form.querySelector("[data-more]")?.click();
};

const fill = (form, { typed, ticked }) => {
  let changed = false;
  addRows(form, typed);
  for (const field of form.querySelectorAll(FIELDS)) {
    if (isTick(field)) {
      if (!(field.name in ticked)) continue;
      const wanted = ticked[field.name].includes(field.value);
      changed ||= field.checked !== wanted;
      field.checked = wanted;
    } else if (field.name in typed && field.value !== typed[field.name]) {
      const before = field.value;
      field.value = typed[field.name];
      changed ||= field.value !== before;
      if (field.value !== before) field.closest("details")?.setAttribute("open", "");
    }
  }
  return changed;
};

const restore = (form) => {
  const draft = stored((store) => JSON.parse(store.getItem(nameOf(form))));
  if (!draft?.typed || !fill(form, draft)) return;
  const note = form.querySelector("[data-draft]");
  if (note && !form.querySelector("[data-focus]")) note.hidden = false;
};

const everyDraft = (store) => Object.keys(store).filter((name) => name.startsWith("draft:"));

const forgetOld = () => stored((store) => {
  for (const name of everyDraft(store)) if (!(JSON.parse(store.getItem(name))?.at > Date.now() - FORGOTTEN_AFTER)) store.removeItem(name);
});

// Only a page that says "saved" ends the draft that this tab has sent; a sign-in in between leaves it.
const settle = () => {
  const sent = sessionStorage.getItem(SENT);
  if (!document.body.dataset.person || !sent) return;
  if (document.querySelector(".message.saved")) stored((store) => store.removeItem(sent));
  sessionStorage.removeItem(SENT);
};

const enhance = () => {
  settle();
  if (document.body.dataset.person) document.querySelectorAll("form[data-keep]").forEach(restore);
};

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, ({ target }) => {
    const form = target.closest?.("form[data-keep]");
    if (form && target.type !== "file" && document.body.dataset.person) keep(form);
  });
}

document.addEventListener("submit", ({ target }) => {
  sessionStorage.removeItem(SENT);
  if ("keep" in target.dataset && document.body.dataset.person) { keep(target); sessionStorage.setItem(SENT, nameOf(target)); }
  if ("signOut" in target.dataset) {
    stored((store) => store.setItem("phone:signed-out", "1")); // phone/person.js: what lies there stays, and is shown to nobody
    stored((store) => { for (const name of everyDraft(store)) if (name.startsWith(`draft:${document.body.dataset.person}:`)) store.removeItem(name); });
  }
});

document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-discard]")) return;
  const form = target.closest("form");
  stored((store) => store.removeItem(nameOf(form)));
  form.reset();
  form.querySelector("[data-draft]").hidden = true;
  form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
});

forgetOld();
enhance();
document.addEventListener("content", enhance);
