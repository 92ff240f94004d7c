// What opens below a button gets the cursor: its first field can be typed into at once.
behaviour("reveal", (details) => {
  details.addEventListener("toggle", () => {
    if (details.open) details.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
});
