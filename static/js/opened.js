// What of a search was opened, or had its words copied, is told beside the click, which nothing waits for:
// the link leads to the thing itself and works without this. data-searched holds the search, data-hit the row's key.
behaviour("searched", (list) => {
  const tell = (event) => {
    const row = event.target.closest("[data-open], [data-copy]")?.closest("[data-hit]");
    if (!row?.dataset.hit) return;
    const note = new URLSearchParams({ q: list.dataset.searched, key: row.dataset.hit, csrf_token: csrfToken() });
    navigator.sendBeacon?.("/search/opened", note);
  };
  list.addEventListener("click", tell);
  list.addEventListener("auxclick", tell);
});
