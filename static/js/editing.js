// As long as the form of an item is open, its address in data-editing hears so every 15 seconds, and answers who else
// has it open; that stands in data-editors, which is read out when it changes. Nobody is locked out.
behaviour("editing", (form) => {
  const place = document.querySelector("[data-editors]");
  const body = (more) => new URLSearchParams({ ...more, csrf_token: csrfToken() });
  let shown = place.innerHTML.trim();
  let timer;

  const beat = async () => {
    const answer = await fetch(form.dataset.editing, { method: "POST", body: body({}), headers: { "HX-Request": "true" } }).catch(() => ({}));
    const html = answer.ok ? (await answer.text()).trim() : shown;
    if (html === shown) return;
    shown = html;
    place.innerHTML = html;
  };
  const begin = () => { beat(); timer = setInterval(beat, 15000); };

  begin();
  addEventListener("pagehide", () => {
    clearInterval(timer);
    navigator.sendBeacon?.(form.dataset.editing, body({ ends: "yes" }));
  });
  addEventListener("pageshow", (event) => { if (event.persisted) begin(); });
});
