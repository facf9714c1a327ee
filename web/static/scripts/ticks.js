// Rows that are ticked in the list: how many, and all of them by one box. Without it the boxes and buttons work as well.

const boxes = () => [...document.querySelectorAll("[form=ticked][name=case]")];
const all = document.querySelector("[data-tick-all]");
const count = document.querySelector("[data-ticked]");

const tell = () => {
  const ticked = boxes().filter((box) => box.checked).length;
  count.textContent = ticked || "";
  if (!all) return; // board and calendar have no head
  all.checked = ticked > 0 && ticked === boxes().length;
  all.indeterminate = ticked > 0 && ticked < boxes().length;
};

if (count) {
  if (all) all.hidden = false;
  all?.addEventListener("change", () => { for (const box of boxes()) box.checked = all.checked; tell(); });
  document.addEventListener("change", ({ target }) => { if (target.matches("[form=ticked]")) tell(); });
  addEventListener("pageshow", tell);
}
