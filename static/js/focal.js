/**
 * The focal point of a picture, chosen by a click on it: what the two number fields hold, shown where it is.
 * Without it one types the numbers; a file that was just chosen is shown before it is sent.
 */

const fields = { x: document.querySelector("#id_focal_x"), y: document.querySelector("#id_focal_y") };
const file = document.querySelector("#id_file");

function frame() {
  const found = document.querySelector("[data-focal]");
  if (found) return found;
  const made = document.createElement("span");
  made.className = "focal";
  made.dataset.focal = "";
  made.append(document.createElement("img"));
  made.firstChild.alt = "";
  made.hidden = true;
  file.after(made);
  return made;
}

function share(field) {
  const value = Number.parseInt(field.value, 10);
  return Number.isNaN(value) ? 50 : Math.min(100, Math.max(0, value));
}

function watch(place) {
  const picture = place.querySelector("img");
  const mark = document.createElement("span");
  mark.className = "focal-mark";
  place.append(mark);
  place.dataset.ready = "";

  function show() {
    mark.style.left = `${share(fields.x)}%`;
    mark.style.top = `${share(fields.y)}%`;
  }

  picture.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    fields.x.value = Math.round((100 * (event.clientX - box.left)) / box.width);
    fields.y.value = Math.round((100 * (event.clientY - box.top)) / box.height);
    show();
  });
  for (const field of Object.values(fields)) field.addEventListener("input", show);
  show();

  file?.addEventListener("change", () => {
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      picture.src = reader.result;
    });
    picture.addEventListener("load", () => {
      place.hidden = false;
    });
    picture.addEventListener("error", () => {
      place.hidden = true;
    });
    if (file.files.length) reader.readAsDataURL(file.files[0]);
    else place.hidden = true;
  });
}

if (fields.x && fields.y && (file || document.querySelector("[data-focal]"))) watch(frame());
