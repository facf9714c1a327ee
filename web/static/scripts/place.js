// "Take my position" says what it does: that it looks, what it found, or why it found nothing.

const ANSWERS = { 1: "refused", 2: "missing", 3: "late" };

const take = (button) => {
  const answer = button.parentElement.querySelector("[data-answer]");
  const say = (words) => { answer.textContent = words; answer.hidden = false; };
  say(button.dataset.looking);
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    const form = button.form;
    form.querySelector("[name=latitude]").value = coords.latitude.toFixed(6);
    form.querySelector("[name=longitude]").value = coords.longitude.toFixed(6);
    form.querySelector("[name=latitude]").dispatchEvent(new Event("input", { bubbles: true }));
    say(`${button.dataset.found} ${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)} (± ${Math.round(coords.accuracy)} m)`);
  }, ({ code }) => say(button.dataset[ANSWERS[code] ?? "missing"]), { timeout: 15000 });
};

document.addEventListener("click", ({ target }) => { const button = target.closest("[data-position]"); if (button) take(button); });

const enhance = () => { if (navigator.geolocation) document.querySelectorAll("[data-position]").forEach((button) => { button.hidden = false; }); };

enhance();
document.addEventListener("content", enhance);
