// The worker that keeps this page, and installing, which is offered and never asked for.

import { setSetting } from "./store.js";

const install = document.getElementById("install");

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  install.hidden = false;
  install.querySelector("button").onclick = async () => { install.hidden = true; await event.prompt(); };
});
addEventListener("appinstalled", () => { install.hidden = true; });

// Without a line there is no registering anew, and the worker that is there is still the one.
export const register = async (onTakenOver) => {
  if (!navigator.serviceWorker) return null;
  navigator.serviceWorker.addEventListener("controllerchange", onTakenOver);
  try {
    const registration = await navigator.serviceWorker.register("/service-worker.js", { scope: "/phone", updateViaCache: "none" });
    await navigator.serviceWorker.ready;
    return registration;
  } catch { return (await navigator.serviceWorker.getRegistration("/phone").catch(() => null)) ?? null; }
};

// A new version takes over when nothing is held here: not in the middle of an entry, and not with a queue. Whether it
// has, is seen by what is kept; until then it is asked again.
const PREFIX = "phone-page-";
const [SOON, SELDOM] = [1_000, 60_000];
let later;

export const takeOver = async (registration, isIdle, wait = SOON) => {
  clearTimeout(later);
  if (!await isIdle()) return;
  if (registration.waiting) registration.waiting.postMessage("take over");
  else registration.active?.postMessage("tidy");
  const isOver = (await caches.keys()).filter((name) => name.startsWith(PREFIX)).length < 2;
  if (!isOver) later = setTimeout(() => takeOver(registration, isIdle, Math.min(wait * 2, SELDOM)), wait);
};

const TURNED = "phone:language";

// The worker keeps the page in each language; the person's own may be another than the one it was opened in.
export const useLanguage = async (language, isIdle) => {
  await setSetting("language", language);
  if (document.documentElement.lang === language || !isIdle || sessionStorage.getItem(TURNED) === language) return;
  sessionStorage.setItem(TURNED, language);
  location.reload();
};
