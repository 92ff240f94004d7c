// A vote shows at once and is taken back with a message if the server refuses it.
{
  let hadFocus = false; // the form is replaced by the answer; its button keeps the focus

  behaviour("vote", (form) => {
    const button = form.querySelector("button");
    const count = form.querySelector("[data-count]");

    const flip = () => {
      const on = button.classList.toggle("on");
      button.ariaPressed = on;
      count.textContent = Number(count.textContent) + (on ? 1 : -1);
    };
    const rollBack = (event) => {
      flip();
      announce(refusal(event.detail.xhr.responseText) || "Your vote did not reach us. Nothing changed; try again in a moment.", true);
    };

    if (hadFocus) button.focus();
    hadFocus = false;
    form.addEventListener("htmx:beforeRequest", flip);
    form.addEventListener("htmx:responseError", rollBack);
    form.addEventListener("htmx:sendError", rollBack);
    form.addEventListener("htmx:beforeSwap", (event) => {
      hadFocus = event.detail.shouldSwap && form.contains(document.activeElement);
    });
  });
}
