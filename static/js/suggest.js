// Results under the search bar from the second letter on, and ways to start before the first. A keystroke cancels what
// was asked before it, an older answer never replaces a newer one, and a failed one leaves what stands: Enter still
// goes to the page of results. What carries data-fill goes on with the text instead of leaving the page.
behaviour("suggest", (search) => {
  const input = search.querySelector("input");
  const panel = search.querySelector(".suggestions");
  let running = new AbortController();
  let timer;

  const stop = () => {
    clearTimeout(timer);
    running.abort();
  };

  const close = () => {
    stop();
    panel.hidden = true;
  };

  const ask = async () => {
    const words = input.value.trimStart();
    if (words.trim().length === 1) return close();
    const { signal } = (running = new AbortController());
    const answer = await fetch(`${search.dataset.suggest}?q=${encodeURIComponent(words)}`, { signal, headers: { "HX-Request": "true" } });
    const html = await answer.text();
    if (signal.aborted || !answer.ok || answer.redirected) return;
    panel.innerHTML = html;
    panel.scrollTop = 0;
    panel.hidden = !html.trim();
    arrived();
    announce(panel.querySelector("[data-said]")?.dataset.said ?? "");
  };

  const askNow = () => { stop(); ask().catch(() => {}); };

  input.addEventListener("input", () => {
    stop();
    timer = setTimeout(askNow, 50);
  });
  input.addEventListener("focus", () => { if (!input.value.trim()) askNow(); });
  input.form.addEventListener("submit", close);
  for (const reaching of ["focusin", "pointerdown"]) panel.addEventListener(reaching, stop); // what one reaches for stays
  panel.addEventListener("click", (event) => {
    const offer = event.target.closest("[data-fill]");
    if (!offer || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    input.value = offer.dataset.fill;
    input.focus();
    askNow();
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && event.target === input && panel.hidden) return askNow();
    if (event.key !== "Escape") return;
    if (panel.hidden) input.blur();
    else { event.preventDefault(); input.focus(); }
    close();
  });
  for (const leaving of ["focusin", "pointerdown"]) {
    document.addEventListener(leaving, (event) => { if (!search.contains(event.target)) close(); });
  }
});
