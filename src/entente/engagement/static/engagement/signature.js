// A signature drawn with finger, pen or mouse, kept as the path of its strokes.

const form = document.querySelector("form[data-signature]");
const pad = form?.querySelector("[data-signature-pad]");
const path = pad?.querySelector("path");
const MOST = 20_000;
let strokes = "";
let draws = false;

function point(event) {
  const box = pad.getBoundingClientRect();
  const x = Math.round(((event.clientX - box.left) / box.width) * 600);
  const y = Math.round(((event.clientY - box.top) / box.height) * 200);
  return `${x} ${y}`;
}

function keep(part) {
  if (strokes.length + part.length > MOST) return;
  strokes += part;
  path.setAttribute("d", strokes);
  form.elements.signature.value = strokes;
}

pad?.addEventListener("pointerdown", (event) => {
  draws = true;
  pad.setPointerCapture(event.pointerId);
  keep(`M${point(event)}`);
});
pad?.addEventListener("pointermove", (event) => draws && keep(`L${point(event)}`));
for (const end of ["pointerup", "pointercancel"]) pad?.addEventListener(end, () => (draws = false));
form?.querySelector("[data-signature-clear]")?.addEventListener("click", () => {
  strokes = "";
  path.setAttribute("d", "");
  form.elements.signature.value = "";
});
