// What `[[` and `@` could mean stands under the caret while one types, and is chosen by arrows and Enter or by a click.
// The list itself is the vendored text-expander's; data-picks names where the choices come from, by what was typed.
behaviour("picks", (expander) => {
  const area = expander.querySelector("textarea");
  const from = { "[[": "/writing/items", "@": "/writing/people" };
  const most = { "[[": 80, "@": 40 };
  let running = new AbortController();
  let typed = "";
  let vain = ""; // what found nothing: what only goes on from it finds nothing either

  const ask = async (key, text, signal) => {
    await new Promise((resolve) => setTimeout(resolve, 120));
    if (signal.aborted) return {};
    const answer = await fetch(`${from[key]}?q=${encodeURIComponent(text)}`, { signal, headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) return {};
    const fragment = document.createRange().createContextualFragment(await answer.text()).querySelector("ul");
    if (!fragment && text) vain = key + text;
    if (fragment) announce(`${fragment.children.length} to choose from`);
    return fragment && !signal.aborted ? { matched: true, fragment } : {};
  };

  // An older question ends at once when a newer one begins, so that its answer never takes the newer one's place.
  expander.addEventListener("text-expander-change", (event) => {
    const { key, text, provide } = event.detail;
    running.abort();
    running = new AbortController();
    typed = key + text;
    if (text.length > most[key] || text.includes("]]") || (key === "@" && !text)) return;
    if (vain && typed.startsWith(vain)) return;
    provide(ask(key, text, running.signal).catch(() => ({})));
  });

  // Chosen words come as if typed, so that Ctrl+Z takes them back.
  expander.addEventListener("text-expander-value", (event) => {
    event.preventDefault();
    const { markdown } = event.detail.item.dataset;
    const at = area.selectionEnd;
    const closed = typed.startsWith("[[") && area.value.slice(at).startsWith("]]") ? 2 : 0;
    expander.dismiss();
    typeInto(area, markdown, at - typed.length, at + closed);
  });

  // A text of several lines may be no combobox: that it has a list is said by its active descendant and the live region.
  // Under the caret; left of it where the field ends, above it where the window does.
  expander.addEventListener("text-expander-activate", () => requestAnimationFrame(() => {
    const menu = expander.querySelector("[role=listbox]");
    const box = menu?.getBoundingClientRect();
    if (!box) return;
    for (const name of ["role", "aria-expanded"]) area.removeAttribute(name);
    const aside = Math.min(0, area.getBoundingClientRect().right - box.right);
    const up = box.bottom > innerHeight && box.top > box.height ? -box.height - 28 : 0;
    menu.style.translate = `${aside}px ${up}px`;
  }));
});
