// typeInto(area, text): puts text in the place of the selection, or of what stands from one place to another, as if it
// had been typed: Ctrl+Z takes it back, and drafts and previews hear of it.
window.typeInto = (area, text, from = area.selectionStart, to = area.selectionEnd) => {
  if (!text && from === to) return;
  area.focus({ preventScroll: true });
  area.setSelectionRange(from, to);
  const before = area.value;
  document.execCommand(text ? "insertText" : "delete", false, text);
  if (area.value !== before || area.value.slice(from, to) === text) return;
  area.setRangeText(text, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
};
