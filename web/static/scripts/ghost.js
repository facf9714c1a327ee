// The photo from before lies half transparent over the camera's picture, so that the new one shows the same place from
// the same side. Without a camera in the page the photos from before stand beside the field, and the field takes files.

import * as camera from "./phone/camera.js";

const nameNow = () => `${new Date().toISOString().replace(/\D/g, "").slice(0, 14)}.jpg`;
let field; // where the photo goes

// On a desk, files are chosen.
const isPhone = matchMedia("(max-width: 899px)");

const show = () => { for (const button of document.querySelectorAll("[data-ghost]")) button.hidden = !(isPhone.matches && camera.hasCamera()); };

const put = (input, blob) => {
  const basket = new DataTransfer();
  [...input.files, new File([blob], nameNow(), { type: "image/jpeg", lastModified: Date.now() })].forEach((file) => basket.items.add(file));
  input.files = basket.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
};

// Refused or taken by something else: the field itself offers the camera application or a file.
const instead = () => { camera.close(); field?.click(); };

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-ghost]");
  if (button) {
    field = button.form.querySelector(`input[type=file][name="${CSS.escape(button.dataset.into)}"]`);
    const ghost = document.getElementById("ghost");
    const range = document.getElementById("ghost-strength").closest("label");
    ghost.hidden = range.hidden = !button.dataset.ghost;
    if (button.dataset.ghost) ghost.src = button.dataset.ghost; else ghost.removeAttribute("src");
    try { await camera.open(); } catch { instead(); }
  }
  if (event.target.id === "shutter") { const blob = await camera.shoot(); camera.close(); if (field && blob) put(field, blob); }
  if (event.target.id === "camera-app") instead();
  if (event.target.id === "camera-close") camera.close();
});

document.addEventListener("input", ({ target }) => {
  if (target.id === "ghost-strength") document.getElementById("ghost").style.opacity = target.value / 100;
});

isPhone.addEventListener?.("change", show);
show();
document.addEventListener("content", show);
