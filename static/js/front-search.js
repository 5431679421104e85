// Shows what is found while one types the article that is to stand on the front page; without it, the button does.

const form = document.querySelector("[data-front-search]");
const PAUSE = 250;
let waiting;
let asking;

async function show() {
  asking?.abort();
  asking = new AbortController();
  const address = new URL(location.pathname, location.href);
  address.searchParams.set("q", form.elements.q.value);
  try {
    const response = await fetch(address, { signal: asking.signal });
    if (!response.ok || response.redirected) return;
    const found = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("#trouves");
    if (!found) return;
    const here = document.querySelector("#trouves");
    // The order that the buttons name is the one that this page shows, not one that has changed meanwhile.
    here.querySelector(".front-found").replaceWith(found.querySelector(".front-found"));
    here.querySelector("[role=status]").textContent = found.querySelector("[role=status]").textContent;
  } catch {
    // Overtaken by the next letter, or without a network: what is shown stays, and the button still searches.
  }
}

form?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, PAUSE);
});
