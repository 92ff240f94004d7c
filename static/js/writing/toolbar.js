// The editor's buttons by key, and a table. What a button of data-md-button does is the vendored toolbar's.
behaviour("toolbar", (editor) => {
  const area = editor.querySelector("textarea");
  const buttons = [...editor.querySelectorAll("[data-hot]")];

  // "Ctrl Shift 8": the digit by its place on the keyboard, since Shift makes another sign of it.
  const named = (event) => `${event.shiftKey ? "Shift " : ""}${event.code.startsWith("Digit") ? event.code.at(-1) : event.key.toLowerCase()}`;

  area.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
    const button = buttons.find((one) => one.dataset.hot === named(event));
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  // A heading, a quote and a check belong to whole lines, wherever the caret stands in them.
  editor.querySelector("markdown-toolbar").addEventListener("click", (event) => {
    if (!event.target.closest("[data-lines]")) return;
    const { selectionStart: from, selectionEnd: to, value } = area;
    const end = value.indexOf("\n", to);
    area.setSelectionRange(value.lastIndexOf("\n", from - 1) + 1, end < 0 ? value.length : end);
  }, true);

  // Cells that were marked with tabs between them stay; a bare click makes an empty table and marks its first head.
  editor.querySelector("[data-table]").addEventListener("click", () => {
    const { selectionStart: from, selectionEnd: to, value } = area;
    const marked = value.slice(from, to).trim();
    const rows = marked ? marked.split("\n").map((line) => line.split("\t")) : [["Column", "Column"], ["", ""]];
    const wide = Math.max(...rows.map((row) => row.length));
    const lines = rows.map((row) => `| ${Array.from({ length: wide }, (_, at) => (row[at] ?? "").trim()).join(" | ")} |`);
    lines.splice(1, 0, `|${"---|".repeat(wide)}`);
    const lead = value.slice(0, from).trimEnd();
    const gap = lead ? "\n\n" : "";
    typeInto(area, `${gap}${lines.join("\n")}\n\n`, lead.length, to);
    const head = lead.length + gap.length + 2;
    area.setSelectionRange(head, head + rows[0][0].trim().length);
  });
});
