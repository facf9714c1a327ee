// One more measure without a new page: the last one is copied, emptied and numbered. Without it the server adds the row.

const MOST = 12;

const renumber = (element, from, to) => {
  for (const { name, value } of [...element.attributes]) {
    if (value.includes(`measures-${from}-`)) element.setAttribute(name, value.replaceAll(`measures-${from}-`, `measures-${to}-`));
  }
};

const addRow = (form) => {
  const rows = form.querySelector("input[name=rows]");
  const last = [...form.querySelectorAll("[data-row]")].at(-1);
  const from = Number(rows.value) - 1;
  if (!last || from + 1 >= MOST) return;
  const row = last.cloneNode(true);
  row.querySelectorAll(".errorlist").forEach((list) => list.remove());
  row.querySelectorAll(".wrong").forEach((field) => field.classList.remove("wrong"));
  row.querySelectorAll("*").forEach((element) => renumber(element, from, from + 1));
  row.querySelectorAll("textarea, input[type=text]").forEach((field) => { field.value = ""; field.textContent = ""; });
  row.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
  const legend = row.querySelector("legend");
  legend.textContent = legend.textContent.replace(String(from + 1), String(from + 2));
  last.after(row);
  rows.value = String(from + 2);
  return row;
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-more]");
  if (!button) return;
  event.preventDefault();
  const row = addRow(button.form);
  if (row && event.isTrusted) row.querySelector("textarea").focus({ preventScroll: false });
  if (row && event.isTrusted) button.form.dispatchEvent(new Event("input", { bubbles: true }));
});
