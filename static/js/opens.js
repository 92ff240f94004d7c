// data-opens="name" opens the dialog with data-dialog="name".
behaviour("opens", (button) => {
  button.addEventListener("click", () => document.querySelector(`[data-dialog="${button.dataset.opens}"]`).showModal());
});
