// The queue goes on without loading the page: forms and steps are fetched, and the next card takes the place of the old.
// A page that is no queue, such as a sign-in, is gone to; without an answer everything typed stays where it is.
{
  const show = (html, url) => {
    const fresh = document.createRange().createContextualFragment(html).querySelector("[data-queue]");
    if (!fresh) return location.assign(url);
    document.querySelector("[data-queue]").replaceWith(fresh);
    history.replaceState(null, "", url);
    arrived();
    (fresh.querySelector("[autofocus]") ?? fresh.querySelector("[data-card], .empty h2"))?.focus();
    announce(fresh.querySelector("[data-said]")?.textContent ?? "");
  };

  behaviour("queue", (queue) => {
    const go = async (url, options = {}) => {
      if (queue.ariaBusy === "true") return;
      queue.ariaBusy = "true";
      try {
        const answer = await fetch(url, { ...options, headers: { "HX-Request": "true" } });
        const html = await answer.text();
        if (html.includes("data-queue")) show(html, answer.redirected || !options.body ? answer.url : location.href);
        else if (answer.redirected) location.assign(answer.url);
        else throw new Error(refusal(html));
      } catch (error) {
        announce((error instanceof TypeError ? "" : error.message) || "That did not reach us. Nothing changed; try again in a moment.", true);
      }
      queue.ariaBusy = null;
    };

    queue.addEventListener("submit", (event) => {
      event.preventDefault();
      const { target: form, submitter } = event;
      const url = submitter?.getAttribute("formaction") ?? form.action;
      go(url, { method: "POST", body: new URLSearchParams(new FormData(form, submitter)) });
    });
    queue.addEventListener("click", (event) => {
      const step = event.target.closest("[data-step]");
      if (!step || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(step.href);
    });
    queue.addEventListener("toggle", (event) => {
      if (event.target.open) event.target.querySelector("input:not([type=hidden])")?.focus();
    }, true);
    queue.addEventListener("keydown", (event) => {
      const open = event.target.closest("details[open]");
      if (event.key !== "Escape" || !open) return;
      open.open = false;
      open.querySelector("summary").focus();
    });
  });
}
