// In a list and in a quote, Enter goes on with the next entry and ends it after an empty one; Tab and Shift+Tab move
// entries in and out. Tab leaves the field everywhere else, and after Esc in a list too.
{
  const ENTRY = /^(\s*)(?:([-*+])|(\d{1,9})([.)]))( \[[ xX]\])? +/;
  const QUOTE = /^(\s*(?:> ?)+)/;
  const STEP = "    ";

  const nextOf = (line) => {
    const entry = ENTRY.exec(line);
    if (!entry) return QUOTE.exec(line)?.[1];
    const [, indent, bullet, number, sign, box] = entry;
    return `${indent}${bullet ?? Number(number) + 1 + sign}${box ? " [ ]" : ""} `;
  };

  const startOf = (text, at) => text.lastIndexOf("\n", at - 1) + 1;

  const goOn = (area) => {
    const { selectionStart: at, selectionEnd: end, value } = area;
    const start = startOf(value, at);
    const line = value.slice(start, at);
    const next = nextOf(line);
    if (!next || at !== end) return false;
    const isEmpty = !line.replace(ENTRY, "").replace(QUOTE, "").trim();
    if (isEmpty && value.slice(at).split("\n", 1)[0].trim()) return false;
    if (isEmpty) typeInto(area, "", start, at);
    else typeInto(area, `\n${next}`);
    return true;
  };

  const shift = (area, inwards) => {
    const { selectionStart: from, selectionEnd: to, value } = area;
    const start = startOf(value, from);
    const end = value.indexOf("\n", to) < 0 ? value.length : value.indexOf("\n", to);
    const lines = value.slice(start, end).split("\n");
    if (!lines.every((line) => ENTRY.test(line) || !line.trim())) return false;
    const moved = lines.map((line) => (!inwards ? line.replace(/^ {1,4}/, "") : line.trim() ? STEP + line : line));
    const by = moved[0].length - lines[0].length;
    const text = moved.join("\n");
    if (text === lines.join("\n")) return true;
    typeInto(area, text, start, end);
    const caret = Math.max(start, from + by);
    area.setSelectionRange(caret, from === to ? caret : start + text.length);
    return true;
  };

  behaviour("toolbar", (editor) => {
    const area = editor.querySelector("textarea");
    let leaving = false;
    area.addEventListener("keydown", (event) => {
      if (event.isComposing || event.defaultPrevented || area.hasAttribute("aria-activedescendant") || event.ctrlKey || event.metaKey || event.altKey) return;
      const took = (event.key === "Enter" && !event.shiftKey && goOn(area))
        || (event.key === "Tab" && !leaving && shift(area, !event.shiftKey));
      if (event.key !== "Shift") leaving = event.key === "Escape";
      if (took) event.preventDefault();
    });
  });
}
