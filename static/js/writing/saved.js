/** After an article has been saved, forgets what the browser kept of it while this tab was sending it. */

const SENT = "multitude:envoi";

try {
  const sent = sessionStorage.getItem(SENT);
  if (sent && document.querySelector(".messagelist .success")) localStorage.removeItem(sent);
  sessionStorage.removeItem(SENT);
} catch {
  // A browser that keeps nothing has nothing to forget.
}
