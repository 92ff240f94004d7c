// A button with data-act is sent without leaving the page and shows at once what it will be; the answer takes its place.
// A refusal, or no answer, puts it back as it was and says so.
{
  const flip = (button) => {
    const on = button.ariaPressed !== "true";
    const count = button.querySelector("[data-count]");
    button.ariaPressed = on;
    if (count) count.textContent = Number(count.textContent) + (on ? 1 : -1);
  };

  const send = async (button) => {
    const answer = await fetch(button.getAttribute("formaction"), {
      method: "POST",
      body: new URLSearchParams({ [button.name]: button.value, csrf_token: csrfToken() }),
      headers: { "HX-Request": "true" },
    });
    return { ok: answer.ok, html: await answer.text() };
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-act]");
    if (!button) return;
    event.preventDefault();
    if (button.ariaBusy === "true") return;
    button.ariaBusy = true;
    flip(button);
    const { ok, html } = await send(button).catch(() => ({ html: "" }));
    const had = button === document.activeElement;
    if (ok) {
      const fresh = document.createRange().createContextualFragment(html).querySelector("[data-act]");
      button.replaceWith(fresh);
      if (had) fresh.focus();
    } else {
      flip(button);
      button.ariaBusy = null;
      announce(refusal(html) || "That did not reach us. Nothing changed; try again in a moment.", true);
    }
  });
}
