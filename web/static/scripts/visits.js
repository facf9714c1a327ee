// Arriving takes the position along if the phone gives one within some seconds; nobody waits longer for it.

const PATIENCE = 6000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!("arrival" in form.dataset) || form.dataset.looked || !navigator.geolocation) return;
  event.preventDefault();
  form.dataset.looked = "1";
  const { submitter } = event;
  submitter?.classList.add("busy");
  let isSent = false;
  const send = () => { if (!isSent) { isSent = true; form.requestSubmit(); } };
  setTimeout(send, PATIENCE + 500); // a question of the browser that nobody answers
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    form.querySelector("[name=latitude]").value = coords.latitude.toFixed(6);
    form.querySelector("[name=longitude]").value = coords.longitude.toFixed(6);
    send();
  }, send, { timeout: PATIENCE, maximumAge: 60000, enableHighAccuracy: true });
});

// Back from a report that was sent by script: to the item that it is about.
const goToItem = () => {
  const line = new URLSearchParams(location.search).get("line");
  if (line && !location.hash) document.getElementById(`line-${line}`)?.scrollIntoView();
};
goToItem();
document.addEventListener("content", goToItem);

// The page as it was before a report carries a number that is used already: it is asked for anew.
addEventListener("pageshow", ({ persisted }) => { if (persisted && document.querySelector(".checklist")) location.reload(); });
