// Shows how far a job is while it runs, and loads the page anew when it is done.

const shown = document.querySelector("[data-progress]");

const ask = async () => {
  const answer = await fetch(shown.dataset.progress, { headers: { Accept: "application/json" } });
  if (answer.redirected) return location.reload(); // the sign-in has ended
  if (!answer.ok) return setTimeout(ask, 3000);
  const { done, value, total, words } = await answer.json();
  if (done) return location.reload();
  const bar = shown.querySelector("progress");
  if (total) { bar.max = total; bar.value = value; }
  shown.querySelector("[data-words]").textContent = words;
  setTimeout(ask, 700);
};

if (shown) setTimeout(ask, 500);
