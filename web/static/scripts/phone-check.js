// Says what this browser can do for work without a network; stores and sends nothing.

const list = document.querySelector(".can");
const agent = navigator.userAgent;
const isWeChat = /MicroMessenger/i.test(agent);
const isApple = /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1);

const canStore = () => new Promise((resolve) => {
  try {
    const request = indexedDB.open("phone-check");
    request.onsuccess = () => { request.result.close(); indexedDB.deleteDatabase("phone-check"); resolve(true); };
    request.onerror = () => resolve(false);
  } catch { resolve(false); }
});

const say = (name, answer) => {
  const item = list.querySelector(`[data-can=${name}]`);
  item.querySelector("strong").textContent = typeof answer === "string" ? answer : list.dataset[answer ? "yes" : "no"];
  item.dataset.answer = typeof answer === "string" ? "" : String(answer);
};

const look = async () => {
  const can = { secure: isSecureContext, worker: "serviceWorker" in navigator, storage: await canStore(), hash: Boolean(globalThis.crypto?.subtle) };
  for (const [name, answer] of Object.entries(can)) say(name, answer);
  say("camera", Boolean(navigator.mediaDevices?.getUserMedia));
  say("place", isSecureContext && "geolocation" in navigator);
  say("kept", Boolean(await navigator.storage?.persisted?.()));
  const { quota, usage } = await navigator.storage?.estimate?.() ?? {};
  say("room", quota ? `${Math.floor((quota - usage) / 1024 / 1024)} MB` : "—");
  const isAble = Object.values(can).every(Boolean) && !(isWeChat && isApple);
  const verdict = document.querySelector("[data-verdict]");
  verdict.hidden = false;
  verdict.classList.add(isAble ? "success" : "error");
  verdict.querySelector(isAble ? "[data-yes]" : "[data-no]").hidden = false;
  document.querySelector("[data-wechat]").hidden = !(isWeChat && isApple);
  document.querySelector("[data-in-app]").hidden = !(isWeChat && !isApple) && !/wxwork|DingTalk/i.test(agent);
  list.dataset.ready = "1";
};

look();
