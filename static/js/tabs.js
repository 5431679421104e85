/**
 * Turns headed lists into ARIA tabs (APG pattern, automatic activation): arrow keys, Home, End, roving tabindex.
 * Without this script the lists stand one below the other.
 */

function tabsFrom(container) {
  const panels = [...container.querySelectorAll(":scope > section")];
  const list = document.createElement("div");
  list.className = "tablist";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", container.dataset.tabs);

  const tabs = panels.map((panel) => {
    const heading = panel.querySelector("h2");
    const tab = document.createElement("button");
    tab.type = "button";
    tab.className = "tab";
    tab.id = `${panel.id}-onglet`;
    tab.textContent = heading.textContent.trim();
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    heading.hidden = true;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    list.append(tab);
    return tab;
  });

  function select(index) {
    tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === index));
      tab.tabIndex = i === index ? 0 : -1;
      panels[i].hidden = i !== index;
    });
  }

  const moves = {
    ArrowRight: (i) => (i + 1) % tabs.length,
    ArrowLeft: (i) => (i + tabs.length - 1) % tabs.length,
    Home: () => 0,
    End: () => tabs.length - 1,
  };

  list.addEventListener("click", (event) => {
    const index = tabs.indexOf(event.target.closest("[role=tab]"));
    if (index >= 0) select(index);
  });
  list.addEventListener("keydown", (event) => {
    const index = tabs.indexOf(event.target);
    if (index < 0 || !(event.key in moves) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const next = moves[event.key](index);
    select(next);
    tabs[next].focus();
  });

  select(0);
  container.prepend(list);
  container.dataset.ready = "";
}

document.querySelectorAll("[data-tabs]").forEach(tabsFrom);
