// A photo that is chosen for the report of a rectification: too dark, blurred, or the same picture again? Only hints, in
// the browser and before anything is decided; no photo is refused for it, and without this script there are none.

const EDGE = 256; // of the small copy that is looked at
const DARK = 45; // mean brightness of 255, below which hardly anything is seen
const BLURRED = 35; // variance of the Laplacian: edges of a sharp photo give hundreds
const ALIKE = 4; // of 64 bits that may differ in the same picture

const COLUMNS = 9, ROWS = 8;

const COLON = document.documentElement.lang.startsWith("zh") ? "：" : ": ";

const seen = new WeakMap(); // form → [{ print, file }]
const earlier = new WeakMap(); // photo from before, as it stands on the page → its print

// Brightness of each pixel of a small copy; null for what this browser can't show (HEIC).
const small = async (file) => {
  let picture;
  try { picture = await createImageBitmap(file); } catch { return null; }
  const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(COLUMNS, Math.round(picture.width * scale));
  canvas.height = Math.max(ROWS, Math.round(picture.height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const grey = new Float32Array(canvas.width * canvas.height);
  for (let at = 0; at < grey.length; at += 1) grey[at] = 0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2];
  return { grey, width: canvas.width, height: canvas.height };
};

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

const variance = (values) => {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
};

// How much the picture changes from pixel to pixel: little, where nothing has an edge.
const sharpness = ({ grey, width, height }) => {
  const found = [];
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      found.push(grey[at - 1] + grey[at + 1] + grey[at - width] + grey[at + width] - 4 * grey[at]);
    }
  }
  return variance(found);
};

// 64 bits: is each of 8×8 fields brighter, on the whole, than the one to its right?
const printOf = ({ grey, width, height }) => {
  const sums = new Float64Array(COLUMNS * ROWS);
  const counts = new Float64Array(COLUMNS * ROWS);
  grey.forEach((value, at) => {
    const field = Math.floor(Math.floor(at / width) * ROWS / height) * COLUMNS + Math.floor((at % width) * COLUMNS / width);
    sums[field] += value;
    counts[field] += 1;
  });
  const bits = [];
  for (let at = 0; at < sums.length; at += 1) {
    if (at % COLUMNS < COLUMNS - 1) bits.push(sums[at] / counts[at] > sums[at + 1] / counts[at + 1]);
  }
  return bits;
};
const difference = (one, other) => one.filter((bit, at) => bit !== other[at]).length;

// Whether it is the picture from before once more.
const isAsBefore = async (print, form) => {
  for (const picture of form.querySelectorAll(".before img")) {
    if (!earlier.has(picture)) {
      picture.loading = "eager";
      await picture.decode();
      earlier.set(picture, printOf(await small(picture)));
    }
    if (difference(earlier.get(picture), print) <= ALIKE) return true;
  }
  return false;
};

const hintsOf = async (file, form) => {
  const picture = await small(file);
  if (!picture) return [];
  const words = form.dataset;
  const hints = [];
  if (mean(picture.grey) < DARK) hints.push(words.photoDark);
  else if (sharpness(picture) < BLURRED) hints.push(words.photoBlurred);
  const print = printOf(picture);
  const before = seen.get(form) ?? [];
  const same = before.find((one) => one.file !== file && difference(one.print, print) <= ALIKE);
  if (same) hints.push(`${words.photoAgain} ${same.file.name}`);
  if (await isAsBefore(print, form).catch(() => false)) hints.push(words.photoBefore);
  seen.set(form, [...before.filter((one) => one.file !== file), { print, file }]);
  return hints;
};

const say = (form, name, hints) => {
  let box = form.querySelector(".photo-hints ul");
  if (!box) {
    const status = document.createElement("div"); // a list that is a status would be no list
    status.className = "photo-hints";
    status.setAttribute("role", "status");
    box = document.createElement("ul");
    status.append(box);
    form.querySelector(".act").before(status);
  }
  for (const hint of hints) {
    const line = document.createElement("li");
    line.textContent = `${name}${COLON}${hint}`;
    box.append(line);
  }
};

// Files that were looked at: a list of chosen files grows, and comes whole with each change.
const known = new WeakSet();

document.addEventListener("change", async ({ target }) => {
  if (!target.matches("form[data-photo-dark] input[type=file]")) return;
  const { form } = target;
  for (const file of [...target.files]) {
    if (known.has(file) || !file.type.startsWith("image/")) continue;
    known.add(file);
    const hints = await hintsOf(file, form).catch(() => []);
    if (hints.length) say(form, file.name, hints);
  }
});
