// The queue as it is seen: waits, is being sent, sent, refused and why; and what can be done with each.

import { element, moment, said, words } from "./words.js";

const box = document.getElementById("queue");
const LONG = 5 * 24 * 3600 * 1000;

const stateOf = (entry, going) => {
  if (going?.key === entry.key) return said("sending", { percent: Math.round(going.share * 100) });
  if (entry.state === "waits") return entry.number ? words.photos_wait : words.waits;
  return words[entry.state];
};

const photoLine = (entry) => {
  if (!entry.files.length) return "";
  const kept = (entry.receipts ?? []).filter(({ state }) => state === "kept").length;
  return entry.receipts ? said("photos_there", { kept, count: entry.files.length }) : said("photos", { count: entry.files.length });
};

const button = (label, act) => {
  const made = element("button", { type: "button", className: "quiet", textContent: label });
  made.addEventListener("click", act);
  return made;
};

const doable = (entry, acts) => {
  const made = [];
  const isFinding = entry.kind !== "visit";
  if (!isFinding) { /* a visit is made again on its checklist, once it is discarded here */ } else if (entry.state === "refused" && entry.number) made.push(button(words.without_photos, () => acts.leaveOut(entry)));
  else if (["entry_used", "form_used", "file_used"].includes(entry.code) && entry.state === "refused") made.push(button(words.as_new, () => acts.asNew(entry)));
  if (isFinding && !entry.number && entry.state !== "sent") made.push(button(words.edit, () => acts.edit(entry)));
  if (entry.state === "refused") made.push(button(words.again, () => acts.again(entry)));
  if (entry.state !== "sent") made.push(button(words.discard, () => acts.discard(entry)));
  return made;
};

const row = (entry, going, acts) => {
  const head = element("p", {}, element("strong", { textContent: entry.villageName }), " ", element("span", { className: `tag ${entry.state}`, textContent: stateOf(entry, going) }));
  const item = element("li", {}, head, element("p", { textContent: entry.values.description }), element("small", { textContent: [photoLine(entry), moment(entry.saved_at)].filter(Boolean).join(" · ") }));
  item.dataset.state = entry.state;
  if (entry.values.addition && !entry.number) item.append(" ", element("small", { textContent: said("adding_to", { number: entry.values.addition.number }) }));
  if (entry.asks) item.append(element("p", { className: "reason" }, element("a", { href: entry.asks, textContent: words.asks })));
  if (entry.number) item.append(" ", element("a", { href: entry.address, textContent: entry.number }));
  if (entry.reason) item.append(element("p", { className: "reason", textContent: entry.reason }));
  item.append(element("p", { className: "doable" }, ...(going?.key === entry.key ? [] : doable(entry, acts))));
  return item;
};

export const show = (entries, going, acts) => {
  const stored = entries.filter(({ state }) => state !== "draft");
  const unsent = stored.filter(({ state }) => state !== "sent");
  const sent = stored.filter(({ state }) => state === "sent");
  box.querySelector("ul").replaceChildren(...[...unsent, ...sent.reverse()].map((entry) => row(entry, going, acts)));
  box.querySelector("[data-count]").textContent = unsent.length ? said("unsent", { count: unsent.length }) : words.all_sent;
  box.querySelector("[data-empty]").hidden = stored.length > 0;
  document.getElementById("emergency").hidden = !unsent.length;
  document.getElementById("wipe").hidden = !sent.length;
  const since = unsent.map(({ saved_at }) => saved_at).sort()[0];
  const late = document.getElementById("late");
  late.hidden = !since || Date.now() - Date.parse(since) < LONG;
  if (since) late.querySelector("span").textContent = said("late", { at: moment(since) });
};
