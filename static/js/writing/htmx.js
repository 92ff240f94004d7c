// What htmx brings is new to the behaviours, and what it sends carries the token.
document.addEventListener("htmx:load", arrived);
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
});
