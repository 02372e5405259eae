// A field to sign in with pen, finger or mouse: it writes the pen's way into a hidden field.
const WIDTH = 600;
const HEIGHT = 200;
const LONGEST = 19000;

function pad(box) {
  const field = box.querySelector("input[type=hidden]");
  const picture = box.querySelector("svg");
  const way = picture.querySelector("path");
  let at = "";
  let drawing = false;

  function point(event) {
    const frame = picture.getBoundingClientRect();
    const scaled = (value, length, most) =>
      Math.min(most, Math.max(0, Math.round((value / length) * most)));
    const x = scaled(event.clientX - frame.left, frame.width, WIDTH);
    const y = scaled(event.clientY - frame.top, frame.height, HEIGHT);
    return `${x} ${y}`;
  }

  function show() {
    way.setAttribute("d", field.value);
    box.toggleAttribute("data-signed", field.value !== "");
  }

  picture.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    picture.setPointerCapture(event.pointerId);
    drawing = true;
    at = point(event);
    // A touch without a way is a dot: it begins and ends where it is.
    field.value += `M${at}L${at}`;
    show();
  });
  picture.addEventListener("pointermove", (event) => {
    if (!drawing || field.value.length > LONGEST) return;
    const next = point(event);
    if (next === at) return;
    at = next;
    field.value += `L${at}`;
    show();
  });
  for (const name of ["pointerup", "pointercancel"]) {
    picture.addEventListener(name, () => {
      drawing = false;
    });
  }
  box.querySelector("[data-clear]").addEventListener("click", () => {
    field.value = "";
    show();
  });
  show();
}

document.querySelectorAll("[data-sign]").forEach(pad);
