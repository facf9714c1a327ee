// Sends what waits, one entry after the other: a refused one blocks nothing, one that finds no line goes on later.
// An entry counts as sent when the server says by the hashes of its photos that all of it is there.

import { askFor, Offline, Refused, SignedOut, tell } from "./asking.js";
import { areaOf, change, contentOf, Damaged, entriesOf, keepArea, requireWhole } from "./store.js";
import { send } from "./tus.js";
import { onVisit } from "./visits.js";
import { words } from "./words.js";

const isVisit = ({ kind }) => kind === "visit";
const receipt = (entry) => tell(isVisit(entry) ? "/phone/visit" : "/phone/entries", { ...contentOf(entry), sent_at: new Date().toISOString() });

const sendPhotos = async (entry, answer, told) => {
  const arriving = answer.files.filter(({ state }) => state === "arriving");
  for (const [n, { key }] of arriving.entries()) {
    const { sha256 } = entry.files.find((file) => file.key === key);
    const bytes = await requireWhole(key, sha256);
    await send(key, bytes, (share) => told((n + share) / arriving.length));
  }
  return arriving.length > 0;
};

const forgetVisit = async ({ person, values }) => {
  const area = await areaOf(person);
  if (area?.visits) await keepArea({ ...area, visits: area.visits.filter(({ visit }) => visit !== values.visit) });
};

const settle = async (entry, answer) => {
  const refused = answer.files.filter(({ state }) => state === "refused");
  const mine = new Map(entry.files.map((file) => [file.key, file.sha256]));
  const isThere = answer.complete && answer.files.length === entry.files.length && answer.files.every(({ key, sha256 }) => mine.get(key) === sha256);
  const known = { number: answer.number, address: answer.address, receipts: answer.files, asks: answer.asks, tried_at: new Date().toISOString() };
  if (isThere && isVisit(entry)) await forgetVisit(entry);
  if (isThere) return change(entry.key, { ...known, state: "sent", sent_at: known.tried_at, reason: "" });
  if (refused.length && answer.files.every(({ state }) => state !== "arriving")) {
    return change(entry.key, { ...known, state: "refused", code: "photos", reason: refused.map(({ sentence }) => sentence).join(" ") });
  }
  await change(entry.key, known);
  throw new Offline("not all of it is there yet");
};

const sendEntry = async (entry, told) => {
  try {
    let answer = await receipt(entry);
    if (await sendPhotos(entry, answer, told)) answer = await askFor(`/phone/entries/${entry.key}`);
    await settle(entry, answer);
  } catch (error) {
    if (error instanceof Refused) await change(entry.key, { state: "refused", code: error.code, reason: error.message, fields: error.fields, tried_at: new Date().toISOString() });
    else if (error instanceof Damaged) await change(entry.key, { state: "refused", code: "damaged", reason: words.damaged, tried_at: new Date().toISOString() });
    else throw error;
  }
};

// Gives how many still wait, and whether anything went. Raises SignedOut.
export const sendAll = async (person, told) => {
  const waiting = (await entriesOf(person)).filter(({ state }) => state === "waits").sort((one, other) => isVisit(one) - isVisit(other));
  let left = 0;
  for (const entry of waiting) {
    if (isVisit(entry) && (await entriesOf(person)).some((one) => onVisit(one, entry.values.visit) && !one.number && one.state !== "draft")) {
      left += 1;
      await change(entry.key, { reason: words.findings_first });
      continue;
    }
    told(entry.key, 0);
    try { await sendEntry(entry, (share) => told(entry.key, share)); } catch (error) {
      if (!(error instanceof Offline)) { told(null); throw error; }
      left += 1;
      await change(entry.key, { tried_at: new Date().toISOString() });
    }
    told(null);
  }
  return { left, sent: waiting.length - left };
};

// What was sent and waited for a decision: whether it was made meanwhile, on this phone or elsewhere.
export const askAgain = async (person) => {
  for (const entry of await entriesOf(person)) {
    if (entry.state !== "sent" || !entry.asks) continue;
    const { asks } = await askFor(`/phone/entries/${entry.key}`);
    if (asks !== entry.asks) await change(entry.key, { asks });
  }
};

export const tellQueue = async (person, phone) => {
  const unsent = (await entriesOf(person)).filter(({ state }) => state === "waits" || state === "refused");
  const refused = unsent.filter(({ state }) => state === "refused").length;
  await tell("/phone/queue", { phone, unsent: unsent.length, refused, since: unsent.map(({ saved_at }) => saved_at).sort()[0] ?? null });
};

export { Offline, SignedOut };
