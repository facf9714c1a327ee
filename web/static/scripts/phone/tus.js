// A file to the server by the tus protocol 1.0.0, piece by piece, going on where it broke off. Written here because
// tus-js-client knows no checksums, and is larger than the rest of this page.

import { ask, Offline, Refused } from "./asking.js";
import { base64, checksumOf } from "./hash.js";

const FILES = "/phone/files";
const PIECE = 256 * 1024;
const TRIES = 4;
const VERSION = { "Tus-Resumable": "1.0.0" };
const GONE = [404, 410];

const create = (key, size) => ask(FILES, {
  method: "POST",
  headers: { ...VERSION, "Upload-Length": String(size), "Upload-Metadata": `key ${base64(new TextEncoder().encode(key))}` },
});

const offsetOf = async (key, size) => {
  const answer = await ask(`${FILES}/${key}`, { method: "HEAD", headers: VERSION, also: GONE });
  if (!GONE.includes(answer.status)) return Number(answer.headers.get("Upload-Offset"));
  await create(key, size);
  return 0;
};

const patch = async (key, bytes, offset) => {
  const piece = bytes.slice(offset, offset + PIECE);
  const answer = await ask(`${FILES}/${key}`, {
    method: "PATCH", body: piece, also: [409, 410, 460],
    headers: { ...VERSION, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset), "Upload-Checksum": await checksumOf(piece) },
  });
  return answer.ok ? Number(answer.headers.get("Upload-Offset")) : null;
};

// Ends when the server has all bytes; what it thinks of them says the entry's receipt.
export const send = async (key, bytes, told = () => {}) => {
  let offset = null;
  let failed = 0;
  for (;;) {
    try {
      offset ??= await offsetOf(key, bytes.byteLength);
      const next = await patch(key, bytes, offset);
      if (next !== null && next > offset) failed = 0;
      else failed += 1;
      offset = next;
    } catch (error) {
      const again = error instanceof Offline || (error instanceof Refused && error.code === "file_changed");
      if (!again || ++failed >= TRIES) throw error;
      offset = null;
    }
    if (failed >= TRIES) throw new Offline("pieces");
    if (offset !== null) told(offset / bytes.byteLength);
    if (offset === bytes.byteLength) return;
  }
};
