// Figures inside a bulletin's text: what is typed stays outside of their brackets, and one from the list goes in where
// the cursor stands. Without it the server refuses what was typed over, and nothing is lost.

const TOKEN = /\{\{[^{}]*\}\}/g;

// The figure that this edit would cut into: one that reaches over an end of what is selected.
const cutFigure = (text, from, to) =>
  [...text.matchAll(TOKEN)].find(({ index, 0: token }) => {
    const end = index + token.length;
    return (from > index && from < end) || (to > index && to < end);
  });

const guard = (area) => {
  area.addEventListener("beforeinput", (event) => {
    let { selectionStart: from, selectionEnd: to } = area;
    if (from === to && event.inputType === "deleteContentBackward") from -= 1;
    else if (from === to && event.inputType === "deleteContentForward") to += 1;
    const cut = cutFigure(area.value, from, to);
    if (!cut) return;
    event.preventDefault();
    // The whole of it is selected: one more key and it goes as one.
    area.setSelectionRange(Math.min(from, cut.index), Math.max(to, cut.index + cut[0].length));
  });
};

const enhance = () => {
  const area = document.querySelector("textarea[data-figures]");
  if (!area) return;
  guard(area);
  for (const figure of document.querySelectorAll("[data-insert]")) {
    figure.tabIndex = 0;
    figure.role = "button";
    const insert = () => {
      const { selectionStart: from, selectionEnd: to } = area;
      if (cutFigure(area.value, from, to)) return;
      area.setRangeText(figure.textContent, from, to, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
      area.focus();
    };
    figure.addEventListener("click", insert);
    figure.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); insert(); }
    });
  }
};

enhance();
