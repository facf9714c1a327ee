// Shows how far a job is while it runs, and loads the page anew when it is done.

import { askForData } from "./asking.js";

const shown = document.querySelector("[data-progress]");

const ask = async () => {
  const answer = await askForData(shown.dataset.progress);
  if (answer?.isRedirected) return location.reload(); // the sign-in has ended
  if (!answer?.isUsable) return setTimeout(ask, 3000);
  const { done, value, total, words } = answer.content;
  if (done) return location.reload();
  const bar = shown.querySelector("progress");
  if (total) { bar.max = total; bar.value = value; }
  shown.querySelector("[data-words]").textContent = words;
  setTimeout(ask, 700);
};

if (shown) setTimeout(ask, 500);
