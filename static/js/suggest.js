// Results under the search bar from the second letter on. An older answer never replaces a newer one,
// and a failed one leaves what stands: Enter still goes to the page of results.
behaviour("suggest", (search) => {
  const input = search.querySelector("input");
  const panel = search.querySelector(".suggestions");
  let running = new AbortController();
  let timer;

  const close = () => {
    clearTimeout(timer);
    running.abort();
    panel.hidden = true;
  };

  const ask = async () => {
    const words = input.value.trim();
    running.abort();
    if (words.length < 2) return close();
    const { signal } = (running = new AbortController());
    const answer = await fetch(`${search.dataset.suggest}?q=${encodeURIComponent(words)}`, { signal, headers: { "HX-Request": "true" } });
    const html = await answer.text();
    if (signal.aborted || !answer.ok || answer.redirected) return;
    panel.innerHTML = html;
    panel.scrollTop = 0;
    panel.hidden = !html.trim();
    htmx.process(panel);
    htmx.trigger(panel, "htmx:load");
    announce(panel.querySelector("[data-said]")?.dataset.said ?? "");
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask().catch(() => {}), 50);
  });
  input.form.addEventListener("submit", close);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (panel.hidden) input.blur();
    else { event.preventDefault(); input.focus(); }
    close();
  });
  for (const leaving of ["focusin", "pointerdown"]) {
    document.addEventListener(leaving, (event) => { if (!search.contains(event.target)) close(); });
  }
});
