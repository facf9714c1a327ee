// The worker that keeps this page, and installing, which is offered and never asked for.

import { setSetting } from "./store.js";

const install = document.getElementById("install");

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  install.hidden = false;
  install.querySelector("button").onclick = async () => { install.hidden = true; await event.prompt(); };
});
addEventListener("appinstalled", () => { install.hidden = true; });

export const register = async () => {
  if (!navigator.serviceWorker) return null;
  try {
    const registration = await navigator.serviceWorker.register("/service-worker.js", { scope: "/phone", updateViaCache: "none" });
    await navigator.serviceWorker.ready;
    return registration;
  } catch { return null; }
};

// A new version takes over when nothing is held here: not in the middle of an entry, and not with a queue.
export const takeOver = (registration, isIdle) => {
  if (!isIdle || !registration) return;
  if (registration.waiting) registration.waiting.postMessage("take over");
  else registration.active?.postMessage("tidy");
};

const TURNED = "phone:language";

// The worker keeps the page in each language; the person's own may be another than the one it was opened in.
export const useLanguage = async (language, isIdle) => {
  await setSetting("language", language);
  if (document.documentElement.lang === language || !isIdle || sessionStorage.getItem(TURNED) === language) return;
  sessionStorage.setItem(TURNED, language);
  location.reload();
};
