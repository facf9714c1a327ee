// A photo is turned before it is sent: how it is shown and nothing else. Its bytes and their hash stay as they are.

// The button beside a small picture; `turned` is told by how many quarters to the right it stands from then on.
export const turnButton = ({ word, name, picture, quarters, turned }) => {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "turn", textContent: word });
  let stands = quarters;
  const show = () => {
    picture.style.transform = stands ? `rotate(${stands * 90}deg)` : "";
    button.setAttribute("aria-label", `${word}: ${name}${stands ? `, ${stands * 90}°` : ""}`);
  };
  button.addEventListener("click", () => { stands = (stands + 1) % 4; show(); turned(stands); });
  picture.addEventListener("error", () => button.remove()); // a format that only the server can show
  show();
  return button;
};
