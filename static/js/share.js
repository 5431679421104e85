/**
 * Gives the address that an element of the page holds to somebody else: copies it, or hands it to the system's own sheet.
 * A button appears where the browser can do what it says, and what came of it is told beside it, or on it.
 */

const address = (id) => {
  const holder = document.getElementById(id);
  return holder.value ?? holder.textContent.trim();
};

function act(button, does) {
  const place = button.parentElement.querySelector("[role=status]") ?? button;
  button.hidden = false;
  button.addEventListener("click", async () => {
    // The same words again are told again.
    if (place !== button) place.textContent = "";
    try {
      await does();
      if (button.dataset.done) place.textContent = button.dataset.done;
    } catch (error) {
      // Whoever closes the sheet has changed their mind, and knows it.
      if (error.name !== "AbortError") place.textContent = button.dataset.failed;
    }
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const holder = document.getElementById(button.dataset.copy);
  holder.addEventListener("focus", () => holder.select());
  if (navigator.clipboard) act(button, () => navigator.clipboard.writeText(address(holder.id)));
}

for (const button of document.querySelectorAll("[data-share]")) {
  const { share, title } = button.dataset;
  if (navigator.share) act(button, () => navigator.share({ title, url: address(share) }));
}
