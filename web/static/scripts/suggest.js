// Names of villages while one is typed in a filter; the server finds it by name or code as well where nothing is chosen.

for (const field of document.querySelectorAll("[data-suggest]")) {
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      if (!field.value.trim()) return;
      const answer = await fetch(`${field.dataset.suggest}?words=${encodeURIComponent(field.value)}`, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return;
      const { units } = await answer.json();
      field.list.replaceChildren(...units.map(({ name, above }) => Object.assign(document.createElement("option"), { value: name, label: `${name} ${above}` })));
    }, 150);
  });
}
