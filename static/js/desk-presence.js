/**
 * Says which comments one has before one's eyes, and shows who else has them: for information only, nothing is locked.
 * Its sentence and its address come from the page (data-… of the desk).
 */

const desk = document.querySelector("[data-desk]");
const form = document.querySelector("#changelist-form");
const EVERY = 30_000;
const AFTER_A_MOVE = 1_500;

let waiting = 0;

const rows = () => [...form.querySelectorAll("#result_list tbody tr")];
const key = (row) => row.querySelector("input[name^=seen_]").name.slice("seen_".length);

function isInView(row) {
  const { top, bottom } = row.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight;
}

function show(row, names) {
  let note = row.querySelector(".presence");
  if (!names) return note?.remove();
  if (!note) {
    note = document.createElement("p");
    note.className = "presence";
    row.querySelector(".sender").after(note);
  }
  note.textContent = `${desk.dataset.presence} ${names.join(", ")}`;
}

async function tell() {
  clearTimeout(waiting);
  if (document.hidden) return;
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
  for (const row of rows().filter(isInView)) data.append("comment", key(row));
  try {
    const response = await fetch(desk.dataset.presenceUrl, { method: "POST", body: data });
    const { others } = await response.json();
    for (const row of rows()) show(row, others[key(row)]);
  } catch {
    // Nobody is told, and nothing is lost: it is said again in half a minute.
  }
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(tell, AFTER_A_MOVE);
}

if (desk && form?.querySelector("#result_list tbody")) {
  setInterval(tell, EVERY);
  for (const event of ["scroll", "focusin", "visibilitychange"]) document.addEventListener(event, soon, { passive: true });
  tell();
}
