// Keeps the bell's count fresh while somebody looks at the page.

const bells = document.querySelectorAll("[data-bell]");
const PAUSE = 45000;

const ring = async () => {
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch(bells[0].dataset.bell, { headers: { Accept: "application/json" } });
      if (answer.ok && !answer.redirected) {
        const { words } = await answer.json();
        for (const bell of bells) { bell.textContent = words; bell.hidden = !words; }
      }
    } catch { /* the line is away; the next time asks again */ }
  }
  setTimeout(ring, PAUSE);
};

if (bells.length) setTimeout(ring, PAUSE);
