// Chosen files add up, one tap after another, and stand below the field with a small picture, a button that turns it
// (the turn goes along beside the file) and an x. Where a form
// sends each file as soon as it is chosen (uploads.js), the page itself shows what arrived.

import "./choosing.js";
import { turnButton } from "./phone/turning.js";
import { quartersOf, setQuarters } from "./turns.js";

const chosen = new WeakMap();
const isSame = (one) => (other) => one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

const sizeOf = ({ size }) => size < 1048576 ? `${Math.max(1, Math.round(size / 1024))} kB` : `${(size / 1048576).toFixed(1)} MB`;

const put = (input, files) => {
  const basket = new DataTransfer();
  files.forEach((file) => basket.items.add(file));
  input.files = basket.files;
  chosen.set(input, files);
  draw(input, files);
};

const pictureOf = (file) => {
  const picture = document.createElement("img");
  picture.alt = "";
  picture.src = URL.createObjectURL(file);
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
  picture.addEventListener("error", () => picture.remove()); // a format that only the server can show
  return picture;
};

// The turns of a field's files are sent in the order of the files: each has one.
const turning = (input, file, picture) => {
  const sent = Object.assign(document.createElement("input"), { type: "hidden", name: `${input.name}-quarters`, value: quartersOf(file) });
  if (!picture) return [sent];
  const turned = (quarters) => { setQuarters(file, quarters); sent.value = quarters; };
  return [sent, turnButton({ word: input.dataset.turn, name: file.name, picture, quarters: quartersOf(file), turned })];
};

const draw = (input, files) => {
  input.parentElement.querySelector(".chosen")?.remove();
  if (!files.length) return;
  const last = input.parentElement.querySelector(".choosing") ?? input;
  const list = document.createElement("ul");
  list.className = "chosen";
  list.append(...files.map((file) => {
    const line = document.createElement("li");
    const words = document.createElement("span");
    const size = document.createElement("small");
    const away = document.createElement("button");
    words.textContent = file.name;
    size.textContent = ` ${sizeOf(file)}`;
    words.append(size);
    away.type = "button";
    away.className = "away";
    away.textContent = "×";
    away.setAttribute("aria-label", `${input.dataset.remove}: ${file.name}`);
    away.addEventListener("click", () => { put(input, chosen.get(input).filter((one) => one !== file)); setQuarters(file, 0); input.focus(); });
    const picture = file.type.startsWith("image/") ? pictureOf(file) : undefined;
    if (picture) line.append(picture);
    line.append(words, ...(input.dataset.turn ? turning(input, file, picture) : []), away);
    return line;
  }));
  last.after(list);
};

document.addEventListener("change", ({ target }) => {
  if (!target.matches("input[data-upload][multiple]") || target.form.querySelector("button[name=keep]")) return;
  const before = chosen.get(target) ?? [];
  put(target, [...before, ...[...target.files].filter((file) => !before.some(isSame(file)))]);
});

document.addEventListener("empty", ({ target }) => chosen.delete(target));
