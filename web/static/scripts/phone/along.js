// The last photos of the villages to visit: fetched after everything that is to be sent, shown without a line.

import { askForBytes, Offline, Refused } from "./asking.js";
import { areaOf, keepArea } from "./store.js";
import { element, said } from "./words.js";

const each = (area) => (area?.visits ?? []).flatMap(({ photos = [] }) => photos);

// What was fetched before is not fetched again.
export const keepFetched = (area, before) => {
  const known = new Map(each(before).filter(({ bytes }) => bytes).map(({ address, bytes }) => [address, bytes]));
  for (const photo of each(area)) if (known.has(photo.address)) photo.bytes = known.get(photo.address);
};

// One after the other, each kept at once; a photo that is gone is left out, a line that breaks ends it until the next round.
export const fetchPhotos = async (person) => {
  for (const { address } of each(await areaOf(person)).filter((photo) => !photo.bytes && !photo.isGone)) {
    const found = { bytes: null, isGone: false };
    try { found.bytes = await askForBytes(address); } catch (error) {
      if (error instanceof Offline && !/^HTTP 4/.test(error.message)) return;
      if (!(error instanceof Offline || error instanceof Refused)) throw error;
      found.isGone = true;
    }
    const area = await areaOf(person);
    for (const photo of each(area)) if (photo.address === address) Object.assign(photo, found);
    await keepArea(area);
  }
};

const image = ({ bytes, words }) => {
  const made = element("img", { alt: words, src: URL.createObjectURL(new Blob([bytes], { type: "image/webp" })) });
  made.addEventListener("load", () => URL.revokeObjectURL(made.src));
  return element("li", {}, made, element("span", { textContent: words }));
};

// Asked after every round: what is shown already stays, also where somebody is looking at it.
export const showPhotos = (box, photos = []) => {
  const there = photos.filter(({ bytes }) => bytes);
  const shown = there.map(({ address }) => address).join();
  if (box.dataset.shown === shown) return;
  box.dataset.shown = shown;
  box.hidden = !there.length;
  box.querySelector("summary").textContent = said("last_photos", { count: there.length });
  box.querySelector("ul").replaceChildren(...there.map(image));
};
