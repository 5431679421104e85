/** After an article has been saved, forgets what the browser kept of it while it was being sent. */

const KEPT = "multitude:brouillon:";

if (document.querySelector(".messagelist .success")) {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(KEPT) && JSON.parse(localStorage.getItem(name)).isSubmitted) localStorage.removeItem(name);
  }
}
