// The star's form is replaced by the answer; its button keeps the focus, and a refusal is told.
{
  let hadFocus = false;

  behaviour("star", (form) => {
    const tell = (event) => announce(refusal(event.detail.xhr.responseText) || "The star did not reach us; try again in a moment.", true);
    if (hadFocus) form.querySelector("button").focus();
    hadFocus = false;
    form.addEventListener("htmx:responseError", tell);
    form.addEventListener("htmx:sendError", tell);
    form.addEventListener("htmx:beforeSwap", (event) => {
      hadFocus = event.detail.shouldSwap && form.contains(document.activeElement);
    });
  });
}
