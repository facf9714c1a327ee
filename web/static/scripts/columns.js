// Columns are moved up in their form without a new page; the order in which they stand is the order that is sent.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-up]");
  if (!button) return;
  event.preventDefault();
  const row = button.closest("li");
  row.previousElementSibling?.before(row);
  button.focus();
});
