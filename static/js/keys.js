// Keys move in the list in front (open suggestions, else the page's rows) and press what carries data-key.
// They are short cuts only: everything that they press can be seen and clicked.
behaviour("keys", (body) => {
  const search = body.querySelector("[data-suggest] input");
  const single = body.querySelector("[data-single-keys]");
  const fields = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

  const suggestions = () => body.querySelector(".suggestions:not([hidden])");
  const rows = () => [...(suggestions() ?? body.querySelector("main") ?? body).querySelectorAll("[data-row]")];
  const current = () => rows().find((row) => row.ariaCurrent === "true");

  const mark = (row) => {
    for (const other of rows()) other.ariaCurrent = other === row ? "true" : null;
  };

  // False where there is nowhere to go, so that the arrow scrolls the page as usual.
  const move = (step) => {
    const all = rows();
    const at = all.indexOf(current());
    // The first step goes to the row that is marked already, unless the focus is in it.
    const next = at < 0 ? all[step > 0 ? 0 : -1] : all[at + (all[at].contains(document.activeElement) ? step : 0)];
    if (next) (next.querySelector("[data-open]") ?? next).focus();
    else if (suggestions() && step < 0) search.focus();
    else return false;
    return true;
  };

  const press = (key) => {
    const wanted = `[data-key="${key}"]`;
    const button = current()?.querySelector(wanted) ?? (suggestions() ? null : body.querySelector(wanted));
    button?.click();
    return button;
  };

  const find = () => { search?.focus(); search?.select(); return search; };

  const act = (event) => {
    const { key, target } = event;
    const arrow = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (event.altKey || body.querySelector("dialog[open]")) return false;
    if (event.ctrlKey || event.metaKey) return key === "k" && find();
    if (target.matches(fields)) return target === search && suggestions() && arrow && move(arrow);
    if (arrow) return (target === body || target.closest("[data-row]")) && move(arrow);
    if (single && !single.checked) return false;
    if (key === "/") return find();
    if (key === "j" || key === "k") return move(key === "j" ? 1 : -1) || press(key); // a queue has one card, and steps
    return /^[a-z?]$/.test(key) && press(key);
  };

  document.addEventListener("keydown", (event) => {
    if (!event.defaultPrevented && act(event)) event.preventDefault();
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) mark(row);
  });

  if (!single) return;
  single.checked = localStorage.getItem("single-keys") !== "off";
  single.addEventListener("change", () => localStorage.setItem("single-keys", single.checked ? "on" : "off"));
});
