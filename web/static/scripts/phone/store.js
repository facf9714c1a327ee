// What lies in this phone: entries, the bytes of their photos, and what was taken along, each under its person.
// Photos are kept as ArrayBuffer, because browsers have lost what was kept as Blob or File.

import { openDB } from "../../vendor/idb.js";
import { sha256Of } from "./hash.js";

const VERSION = 1;

const opened = openDB("phone", VERSION, {
  upgrade(db) {
    db.createObjectStore("entries", { keyPath: "key" }).createIndex("person", "person");
    db.createObjectStore("photos", { keyPath: "key" }).createIndex("entry", "entry");
    db.createObjectStore("areas", { keyPath: "person" });
    db.createObjectStore("settings", { keyPath: "name" });
  },
  // A newer page waits for this one; what is stored stays as it is.
  blocking(_current, _next, { target }) { target.close(); },
});

export const setting = async (name) => (await (await opened).get("settings", name))?.value;
export const setSetting = async (name, value) => (await opened).put("settings", { name, value });

export const areaOf = async (person) => (await opened).get("areas", person);
export const keepArea = async (area) => (await opened).put("areas", area);

export const entriesOf = async (person) => (await (await opened).getAllFromIndex("entries", "person", person)).sort((a, b) => a.at.localeCompare(b.at));
export const entryOf = async (key) => (await opened).get("entries", key);
export const photoOf = async (key) => (await opened).get("photos", key);

export const keepDraft = async (entry) => (await opened).put("entries", entry);

// One field of an entry that has not been changed meanwhile by another tab.
export const change = async (key, values) => {
  const tx = (await opened).transaction("entries", "readwrite");
  const entry = await tx.store.get(key);
  if (entry) await tx.store.put(Object.assign(entry, values));
  await tx.done;
  return entry;
};

// What fails is told by the transaction's end; the single writes then end with it.
const inOne = async (stores, act) => {
  const tx = (await opened).transaction(stores, "readwrite");
  const done = tx.done;
  done.catch(() => {});
  const writes = act((name) => tx.objectStore(name));
  for (const one of writes) one.catch(() => {});
  await done;
};

// A photo is stored with the draft it belongs to, read back, and compared by its hash.
export const keepPhoto = async (photo, draft) => {
  await inOne(["entries", "photos"], (store) => [store("photos").put(photo), store("entries").put(draft)]);
  await requireWhole(photo.key, photo.sha256);
};

export class Damaged extends Error {}

export const requireWhole = async (key, sha256) => {
  const photo = await photoOf(key);
  if (!photo || !photo.bytes?.byteLength || await sha256Of(photo.bytes) !== sha256) throw new Damaged(key);
  return photo.bytes;
};

export const removePhoto = (key, draft) => inOne(["entries", "photos"], (store) => [store("photos").delete(key), store("entries").put(draft)]);

// What an entry says: what is sent, and what its manifest is a hash of.
export const contentOf = ({ key, saved_at, values, files }) => ({ key, entered_at: saved_at, values, files });
export const manifestOf = (entry) => sha256Of(new TextEncoder().encode(JSON.stringify(contentOf(entry))).buffer);

// Saved means: written in one transaction, read back, and every hash as before.
export const save = async (entry) => {
  entry.manifest = await manifestOf(entry);
  const tx = (await opened).transaction(["entries", "photos"], "readwrite");
  for (const { key } of entry.files) {
    if (!(await tx.objectStore("photos").getKey(key))) { tx.abort(); throw new Damaged(key); }
  }
  tx.objectStore("entries").put(entry);
  await tx.done;
  const back = await entryOf(entry.key);
  if (!back || await manifestOf(back) !== entry.manifest) throw new Damaged(entry.key);
  for (const { key, sha256 } of back.files) await requireWhole(key, sha256);
};

export const remove = async (keys) => {
  const tx = (await opened).transaction(["entries", "photos"], "readwrite");
  for (const key of keys) {
    for (const photo of await tx.objectStore("photos").index("entry").getAllKeys(key)) tx.objectStore("photos").delete(photo);
    tx.objectStore("entries").delete(key);
  }
  await tx.done;
};
