// Names of villages while one is typed in a filter; the server finds it by name or code as well where nothing is chosen.

import { askForData } from "./asking.js";

for (const field of document.querySelectorAll("[data-suggest]")) {
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      if (!field.value.trim()) return;
      const answer = await askForData(`${field.dataset.suggest}?words=${encodeURIComponent(field.value)}`);
      if (!answer?.isUsable) return;
      const { units } = answer.content;
      field.list.replaceChildren(...units.map(({ name, above }) => Object.assign(document.createElement("option"), { value: name, label: `${name} ${above}` })));
    }, 150);
  });
}
