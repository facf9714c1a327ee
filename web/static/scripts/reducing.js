// A photo made smaller before it is sent over a slow line. What the camera wrote into it goes along, byte by byte, since
// day, place and camera are part of the proof; only how it is turned is drawn into the picture. Its name says what it is.

const LONGEST_SIDE = 1920;
const WORTH_IT = 400 * 1024; // smaller files go as they are
const QUALITY = 0.8;
const TYPES = ["image/jpeg", "image/png", "image/webp"];
const ORIENTATION = 0x0112;

const line = navigator.connection;
export const isSlow = () => Boolean(line && (line.saveData || /2g|3g/.test(line.effectiveType ?? "") || (line.downlink ?? 10) < 1));
export const canReduce = (file) => TYPES.includes(file.type) && file.size > WORTH_IT;

// The segment of a JPEG that holds what the camera wrote (APP1, "Exif").
const cameraData = (bytes) => {
  let at = 2;
  while (at + 4 < bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
    const length = bytes[at + 2] * 256 + bytes[at + 3];
    const isExif = bytes[at + 1] === 0xe1 && String.fromCharCode(...bytes.slice(at + 4, at + 8)) === "Exif";
    if (isExif) return bytes.slice(at, at + 2 + length);
    at += 2 + length;
  }
  return new Uint8Array();
};

// The picture is drawn upright, so it must not be turned a second time.
const upright = (segment) => {
  if (segment.length < 20) return segment;
  const view = new DataView(segment.buffer, 10);
  const little = view.getUint16(0) === 0x4949;
  const first = view.getUint32(4, little);
  const count = view.getUint16(first, little);
  for (let n = 0; n < count; n += 1) {
    const entry = first + 2 + 12 * n;
    if (view.getUint16(entry, little) === ORIENTATION) view.setUint16(entry + 8, 1, little);
  }
  return segment;
};

// The smaller file, or the file itself where nothing is gained or this browser can't.
export const reduced = async (file, word) => {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const small = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", QUALITY); });
    if (!small || small.size * 1.2 > file.size) return file;
    const bytes = new Uint8Array(await small.arrayBuffer());
    const data = file.type === "image/jpeg" ? upright(cameraData(new Uint8Array(await file.arrayBuffer()))) : new Uint8Array();
    const name = `${file.name.replace(/\.[^.]*$/, "")}-${word}.jpg`;
    return new File([bytes.slice(0, 2), data, bytes.slice(2)], name, { type: "image/jpeg", lastModified: file.lastModified });
  } catch { return file; }
};
