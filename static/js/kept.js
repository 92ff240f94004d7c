// What keep.js keeps goes to the server too: three seconds after the last key, at the latest half a minute after the
// first, and whenever the page is left. Where that fails, this browser still has it, and it is tried again.
behaviour("keep", (form) => {
  const [QUIET, LONGEST, AGAIN, LEAVING, BEACON] = [3000, 30000, 15000, 10000, 60000];
  const place = form.querySelector("[data-kept]");
  let timer;
  let first = 0; // when the oldest words were typed that the server does not have
  let isSending = false;
  let isLeaving = false; // the form is being saved: what comes later would be an old text

  // Another text than the one that was settled: the server takes no more of that.
  const begin = () => {
    form.elements.draft.value = Array.from({ length: 22 }, () => Math.floor(Math.random() * 36).toString(36)).join("");
    form.dataset.sent = "";
  };
  const say = (text) => { if (place) place.textContent = text; };
  const post = (url, body) => {
    const text = body.toString();
    const headers = { "Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true" };
    return fetch(url, { method: "POST", body: text, headers, keepalive: text.length < BEACON }).catch(() => ({ status: 0 }));
  };
  const plan = (pause) => {
    first ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  };

  const fail = (status) => {
    const isLasting = status && status < 500;
    const why = status === 401 ? "You are signed out" : isLasting ? "The server does not take it" : "The server does not answer";
    if (!place?.textContent.startsWith(why)) announce(`${why}. Your text is kept in this browser.`);
    say(`${why}; kept in this browser.`);
    if (!isLasting) plan(AGAIN);
  };

  const send = async () => {
    clearTimeout(timer);
    if (!first || isLeaving) return;
    if (isSending && document.visibilityState !== "hidden") { plan(QUIET); return; }
    first = 0;
    isSending = true;
    const answer = await post(`/forms/${form.dataset.keep}/draft`, new URLSearchParams(new FormData(form)));
    isSending = false;
    if (answer.status === 409) { begin(); plan(0); return; }
    if (!answer.ok) { fail(answer.status); return; }
    form.dataset.sent = "yes";
    say((await answer.text()).trim());
    if (!first) form.dispatchEvent(new Event("stored"));
  };

  form.addEventListener("kept", () => plan(Math.min(QUIET, Math.max(0, (first || Date.now()) + LONGEST - Date.now()))));
  form.addEventListener("emptied", () => {
    clearTimeout(timer);
    first = 0;
    say("");
    if (!form.dataset.sent) return;
    post(`/me/drafts/${form.elements.draft.value}/removal`, new URLSearchParams({ csrf_token: csrfToken() }));
    begin();
  });
  form.addEventListener("submit", () => {
    isLeaving = true;
    setTimeout(() => { isLeaving = false; send(); }, LEAVING);
  });
  addEventListener("pageshow", () => { isLeaving = false; });
  addEventListener("pagehide", send);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") send(); });
  addEventListener("online", send);
  if (form.dataset.unsent) plan(QUIET);
});
