// Text that is pasted with its form becomes Markdown; where it has none, or with Ctrl+Shift+V, it stays as it is.
// data-rich names the library, which is loaded at the first such paste. Pictures alone are left to paste.js.
behaviour("rich", (editor) => {
  const area = editor.querySelector("textarea");
  const FORM = /<(?:h[1-6]|ul|ol|li|table|blockquote|pre|code|strong|em|b|i|img|hr|del|s)[\s>]|<a\s[^>]*href|mso-list|(?<!-)font-weight:\s*(?:bold|[6-9]00)|(?<!-)font-style:\s*italic/i;
  const PARAGRAPHS = /<p[\s>][^]*<p[\s>]/i;
  const OWN = "vscode-editor-data";

  const put = (text) => {
    const { selectionStart: from, selectionEnd: to, value } = area;
    const isBlock = text.includes("\n") || /^(?:#{1,6} |- |\d+\. |> |\|)/.test(text);
    const lead = isBlock && value.slice(0, from).trim() ? "\n\n".slice(/\n*$/.exec(value.slice(0, from))[0].length) : "";
    const tail = isBlock && !value.slice(to).startsWith("\n") ? "\n\n" : "";
    typeInto(area, lead + text + tail);
  };

  // What stays behind is said; the words never do: where something fails, they come without their form.
  const take = async (html, words) => {
    let text = words;
    let left = 0;
    let said = "Pasted as Markdown";
    try {
      const { default: Turndown } = await import(editor.dataset.rich);
      const body = pastedHtml(html);
      left = [...body.querySelectorAll("img")].filter((one) => !/^https?:/i.test(one.getAttribute("src") ?? "")).length;
      text = toMarkdown(body, Turndown) || words;
    } catch {
      said = "The form of what you pasted was lost; its words are here.";
    }
    put(text);
    if (left) said = left === 1 ? "A picture stayed behind; paste it by itself." : `${left} pictures stayed behind; paste them one by one.`;
    announce(said, said !== "Pasted as Markdown");
  };

  editor.addEventListener("paste", (event) => {
    if (event.target !== area) return;
    const html = event.clipboardData.getData("text/html");
    const words = event.clipboardData.getData("text/plain");
    const isPicture = event.clipboardData.files.length && !words.trim();
    if (!html || isPicture || event.clipboardData.types.includes(OWN) || !(FORM.test(html) || PARAGRAPHS.test(html))) return;
    event.preventDefault();
    event.stopPropagation();
    take(html, words);
  }, true);
});
