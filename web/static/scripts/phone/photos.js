// A photo as it comes from the browser: its bytes and their hash first, then, where the office allows it, made smaller.

import { sha256Of } from "./hash.js";

export const LARGEST = 20 * 1024 * 1024;
const MOST_REDUCED = 1024 * 1024;
const LONGEST_SIDE = 2048;
const QUALITIES = [0.85, 0.7, 0.55, 0.4];

export class NotTaken extends Error {}

const STARTS = [[0xff, 0xd8, 0xff], [0x89, 0x50, 0x4e, 0x47], [0x52, 0x49, 0x46, 0x46]];

// By its first bytes; the server looks at all of it.
const isPhoto = (bytes) => {
  const head = new Uint8Array(bytes, 0, Math.min(16, bytes.byteLength));
  return STARTS.some((start) => start.every((byte, n) => head[n] === byte)) || String.fromCharCode(...head.slice(4, 8)) === "ftyp";
};
const isVideo = (type) => type.startsWith("video/");

export const read = async (blob, name, { mayReduce = false } = {}) => {
  if (isVideo(blob.type)) throw new NotTaken("video");
  if (!blob.size) throw new NotTaken("empty");
  if (blob.size > LARGEST && !mayReduce) throw new NotTaken("tooLarge");
  let bytes;
  try { bytes = await blob.arrayBuffer(); } catch { throw new NotTaken("unread"); }
  if (!isPhoto(bytes)) throw new NotTaken("notAPhoto");
  const photo = { key: crypto.randomUUID(), name, type: blob.type, bytes, size: bytes.byteLength, sha256: await sha256Of(bytes), original: null };
  return mayReduce && photo.size > MOST_REDUCED ? reduced(photo, blob) : photo;
};

// Where it can't be made smaller, it goes as it is.
const reduced = async (photo, blob) => {
  try {
    const picture = await createImageBitmap(blob, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    for (const quality of QUALITIES) {
      const small = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", quality); });
      if (!small || small.type !== "image/jpeg" || small.size > MOST_REDUCED) continue;
      const bytes = await small.arrayBuffer();
      return { ...photo, name: photo.name.replace(/\.[^.]*$/, "") + ".jpg", type: "image/jpeg", bytes, size: bytes.byteLength, sha256: await sha256Of(bytes), original: { size: photo.size, sha256: photo.sha256 } };
    }
  } catch { /* as it is */ }
  if (photo.size > LARGEST) throw new NotTaken("tooLarge");
  return photo;
};
