// What was not sent, as files that an office can take in: for a phone that will never find a line.

import { base64 } from "./hash.js";
import { contentOf, entriesOf, photoOf } from "./store.js";

const LARGEST_PART = 15 * 1024 * 1024;
const BESIDE = 3000;

const whole = async (entry) => {
  const photos = [];
  for (const { key } of entry.files) { const photo = await photoOf(key); if (photo) photos.push({ key, base64: base64(photo.bytes) }); }
  return { ...contentOf(entry), photos };
};

// Parts, each with whole entries and no larger than an office's page takes.
export const parts = async (person, name) => {
  const made = [];
  let room = 0;
  for (const entry of (await entriesOf(person)).filter(({ state }) => state === "waits" || state === "refused")) {
    const size = entry.files.reduce((sum, file) => sum + file.size, BESIDE);
    if (!made.length || size > room) { made.push([]); room = LARGEST_PART; }
    made.at(-1).push(await whole(entry));
    room -= size;
  }
  return made.map((entries, n) => ({
    name: `phone-${new Date().toISOString().slice(0, 10)}-${n + 1}.json`,
    text: JSON.stringify({ format: "rectification-phone-1", person, name, made_at: new Date().toISOString(), part: n + 1, parts: made.length, entries }),
  }));
};

export const download = ({ name, text }) => {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([text], { type: "application/json" })), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};
