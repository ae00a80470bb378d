// Tabs with the keys that people of screen readers know: arrows, Home and End.
// https://www.w3.org/WAI/ARIA/apg/patterns/tabs/

/** Makes the buttons of `list` switch between the panels that they control. */
export function tabs(list) {
  const all = [...list.querySelectorAll('[role=tab]')];
  const select = (chosen) => {
    for (const tab of all) {
      const isChosen = tab === chosen;
      tab.setAttribute('aria-selected', String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      document.getElementById(tab.getAttribute('aria-controls')).hidden = !isChosen;
    }
  };
  list.addEventListener('click', (event) => {
    const tab = event.target.closest('[role=tab]');
    if (tab) select(tab);
  });
  list.addEventListener('keydown', (event) => {
    const at = all.indexOf(document.activeElement);
    const next = {
      ArrowRight: (at + 1) % all.length,
      ArrowLeft: (at + all.length - 1) % all.length,
      Home: 0,
      End: all.length - 1,
    }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    all[next].focus();
    select(all[next]);
  });
}
