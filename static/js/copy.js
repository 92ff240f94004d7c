// Copies the text of data-copy and nothing around it.
behaviour("copy", (button) => {
  // For pages served without TLS, where the clipboard is closed to scripts.
  const copyByHand = (text) => {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "hidden";
    button.after(area);
    area.select();
    const worked = document.execCommand("copy");
    area.remove();
    button.focus();
    if (!worked) throw new Error();
  };

  button.addEventListener("click", async () => {
    const text = button.dataset.copy;
    try {
      await (navigator.clipboard?.writeText(text).catch(() => copyByHand(text)) ?? copyByHand(text));
      button.dataset.done = "Copied";
      announce("Copied");
      setTimeout(() => { delete button.dataset.done; }, 2000);
    } catch {
      announce("This browser does not let us copy. Mark the words and copy them by hand.", true);
    }
  });
});
