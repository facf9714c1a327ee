// A field to sign in with the finger. The strokes are kept as points of a box of one size, whatever the screen: turned,
// the phone shows the same signature again. Without this script it is signed by name and tick.

const GAP = 3; // points nearer than that are one

const enhance = () => {
  const pad = document.querySelector("[data-signature]");
  const field = pad && document.getElementById(pad.dataset.signature);
  const canvas = pad?.querySelector("canvas");
  if (!field || !canvas || !canvas.getContext || pad.dataset.ready) return;
  pad.dataset.ready = "1";
  const width = Number(pad.dataset.width);
  const height = Number(pad.dataset.height);
  let strokes = [];
  try { strokes = JSON.parse(field.value || "[]"); } catch { strokes = []; }
  if (!Array.isArray(strokes)) strokes = [];
  let current = null;

  const draw = () => {
    const scale = devicePixelRatio || 1;
    const box = canvas.getBoundingClientRect();
    canvas.width = Math.round(box.width * scale);
    canvas.height = Math.round(box.height * scale);
    const pen = canvas.getContext("2d");
    pen.scale(canvas.width / width, canvas.height / height);
    Object.assign(pen, { lineWidth: 4, lineCap: "round", lineJoin: "round", strokeStyle: "#23201b" });
    for (const stroke of strokes) {
      pen.beginPath();
      stroke.forEach(([x, y], n) => (n ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      if (stroke.length === 1) pen.lineTo(stroke[0][0] + 0.1, stroke[0][1]);
      pen.stroke();
    }
  };
  const keep = () => { field.value = strokes.length ? JSON.stringify(strokes) : ""; };
  const at = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    const within = (value, most) => Math.min(most, Math.max(0, Math.round(value)));
    return [within(((clientX - box.left) / box.width) * width, width), within(((clientY - box.top) / box.height) * height, height)];
  };

  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    current = [at(event)];
    strokes.push(current);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!current) return;
    const [x, y] = at(event);
    const [lastX, lastY] = current[current.length - 1];
    if (Math.hypot(x - lastX, y - lastY) < GAP) return;
    current.push([x, y]);
    draw();
  });
  const lift = () => { if (current) { current = null; keep(); } };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  pad.querySelector("[data-clear]").addEventListener("click", () => { strokes = []; keep(); draw(); });
  pad.querySelector("[data-undo-stroke]").addEventListener("click", () => { strokes.pop(); keep(); draw(); });
  pad.hidden = false;
  new ResizeObserver(draw).observe(canvas);
  document.addEventListener("change", ({ target }) => { if (target.name === "outcome") draw(); });
  draw();
};

enhance();
document.addEventListener("content", enhance);
