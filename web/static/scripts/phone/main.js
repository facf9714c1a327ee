// The page that works without a network: enters, keeps, shows the queue, and sends it when there is a line. The queue is
// driven from here: at the start, when the line is back, when the page is seen, by a timer, by a button.

import "../signature.js";
import { askFor, Offline, SignedOut } from "./asking.js";
import { download, parts } from "./emergency.js";
import { edit, enterFinding, enterFor, isUntouched, say, wire } from "./entering.js";
import { show } from "./list.js";
import { askPerson, lastPerson, phoneKey } from "./person.js";
import { areaOf, change, entriesOf, keepArea, keepPhoto, photoOf, remove, save } from "./store.js";
import { askAgain, sendAll, tellQueue } from "./sending.js";
import { fetchPhotos, keepFetched } from "./along.js";
import { takeArea } from "./villages.js";
import { findingEntered, showVisits, wireVisits } from "./visits.js";
import { register, takeOver, useLanguage } from "./worker.js";
import { moment, said, words } from "./words.js";

const AT_ONCE = 500;
const [SOONEST, LATEST, OLD_AREA] = [2_000, 60_000, 12 * 3600 * 1000];
const DAY = 24 * 3600 * 1000;
const CLOCK_OFF = 3600 * 1000;

let person = null;
let registration = null;
let running = null;
let again = false;
let pause = SOONEST;
let timer;

const status = (name, values) => {
  const box = document.getElementById("status");
  box.querySelector("span").textContent = said(name, values);
  box.dataset.state = name;
  document.getElementById("sign-in").hidden = name !== "signed_out" && name !== "nobody";
};

const draw = async (going = null) => {
  if (!person) return;
  show(await entriesOf(person.id), going, acts);
  await showVisits(person, await areaOf(person.id));
};

const acts = {
  edit: async (entry) => { if (await edit(entry)) await draw(); },
  again: async (entry) => { await change(entry.key, { state: "waits", reason: "", code: "" }); await draw(); go(); },
  leaveOut: async (entry) => { await change(entry.key, { state: "sent", sent_at: new Date().toISOString() }); await draw(); go(); },
  discard: async (entry) => { if (confirm(words.sure)) { await remove([entry.key]); await draw(); go(); } },
  // The same words and photos under numbers of their own; what the server has under the old one stays there.
  asNew: async (entry) => {
    const fresh = { ...entry, key: crypto.randomUUID(), state: "waits", code: "", reason: "", files: [] };
    for (const file of entry.files) {
      const photo = await photoOf(file.key);
      const copy = { ...file, key: crypto.randomUUID() };
      fresh.files.push(copy);
      await keepPhoto({ ...photo, key: copy.key, entry: fresh.key }, { ...fresh, state: "draft" });
    }
    await save(fresh);
    await remove([entry.key]);
    await draw();
    go();
  },
};

const showArea = (area) => {
  takeArea(area);
  const line = document.getElementById("area");
  line.textContent = area ? said("area", { villages: area.villages.length, cases: area.cases.length, at: moment(area.at) }) : words.no_area;
  document.getElementById("more-there").hidden = !(area?.has_more_villages || area?.has_more_cases);
};

const takeAlong = async () => {
  const area = { ...await askFor("/phone/area"), ...await askFor("/phone/visits"), person: person.id };
  keepFetched(area, await areaOf(person.id));
  await keepArea(area);
  showArea(area);
  await draw();
};

const showClock = (off) => {
  const box = document.getElementById("clock");
  box.hidden = !(Math.abs(off ?? 0) > CLOCK_OFF);
  box.querySelector("span").textContent = said("clock", { now: moment(new Date(Date.now() - (off ?? 0)).toISOString()) });
};

const become = async (someone) => {
  const isOther = person?.id !== someone.id;
  person = someone;
  document.getElementById("who").textContent = person.name;
  document.getElementById("entering").hidden = false;
  showClock(person.clockOff);
  if (isOther) showArea(await areaOf(person.id));
  await enterFor(person, await entriesOf(person.id));
  await draw();
};

const wipeOld = async () => {
  if (!person) return;
  const before = Date.now() - (person.wipesAfterDays ?? 14) * DAY;
  await remove((await entriesOf(person.id)).filter(({ state, sent_at }) => state === "sent" && Date.parse(sent_at) < before).map(({ key }) => key));
};

const isIdle = async () => isUntouched() && !(await entriesOf(person.id)).some(({ state }) => state === "waits" || state === "refused");

const renew = async () => { if (person && registration) await takeOver(registration, isIdle); };

const round = async () => {
  status("asking");
  await become(await askPerson());
  await useLanguage(person.language, isUntouched());
  const area = await areaOf(person.id);
  if (person.mayReport && (!area || Date.now() - Date.parse(area.at) > OLD_AREA)) await takeAlong().catch((error) => { if (!(error instanceof Offline)) throw error; });
  const phone = await phoneKey();
  const { left, sent } = await sendAll(person.id, (key, share) => draw(key ? { key, share } : null));
  await tellQueue(person.id, phone);
  await askAgain(person.id);
  await fetchPhotos(person.id);
  pause = sent ? AT_ONCE : Math.min(pause * 2, LATEST);
  status(left ? "some_left" : "online");
  await renew();
  return left;
};

const oneRound = async () => {
  clearTimeout(timer);
  let left = 1;
  try { left = await round(); } catch (error) {
    pause = Math.min(pause * 2, LATEST);
    if (error instanceof SignedOut) status(person ? "signed_out" : "nobody");
    else if (error instanceof Offline) status(person ? "offline" : "nobody");
    else { status("trouble", { why: error.message }); }
  }
  await draw();
  timer = setTimeout(go, left ? pause : LATEST);
};

// One round at a time, in all tabs together.
const locked = (act) => navigator.locks ? navigator.locks.request("phone-sending", act) : act();

const go = () => {
  if (running) { again = true; return; }
  running = locked(oneRound).catch(() => {}).finally(() => { running = null; if (again) { again = false; go(); } });
};

const start = async () => {
  const saved = (entry) => {
    draw();
    navigator.storage?.persist?.().catch(() => {});
    pause = SOONEST;
    go();
    if (entry?.values.on_visit) findingEntered(entry);
  };
  wire(saved);
  wireVisits({ finding: enterFinding, done: saved });
  document.getElementById("send").addEventListener("click", () => { pause = SOONEST; go(); });
  document.getElementById("take-along").addEventListener("click", async () => { try { await takeAlong(); } catch { say(words.not_now, "warning"); } });
  document.getElementById("wipe").addEventListener("click", async () => { await remove((await entriesOf(person.id)).filter(({ state }) => state === "sent").map(({ key }) => key)); await draw(); });
  document.getElementById("emergency").addEventListener("click", async () => { for (const part of await parts(person.id, person.name)) download(part); });
  addEventListener("online", () => { pause = SOONEST; go(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { pause = SOONEST; go(); } });
  const known = await lastPerson();
  if (known) await become(known); else status("nobody");
  await wipeOld();
  document.body.dataset.ready = "1";
  go();
  registration = await register(renew);
  await renew();
  document.body.dataset.worker = registration ? "1" : "0";
  document.getElementById("no-worker").hidden = Boolean(registration) || navigator.onLine === false;
};

start().catch((error) => { status("trouble", { why: error?.message ?? String(error) }); });
