// toMarkdown(body, Turndown): elements as Markdown, by the vendored library; what it lacks for our pages stands here.
{
  const padded = (text) => `\n\n${text}\n\n`;

  // A cell is one line: its paragraphs and entries are parted by <br>.
  const cellOf = (content) => content.trim().replace(/\|/g, "\\|").replace(/ *\n+ */g, "<br>");

  // Every row as wide as the widest; a cell over several columns or rows stands once, and the rest of it is empty.
  const gridOf = (table, texts) => {
    const grid = [...table.rows].map(() => []);
    [...table.rows].forEach((row, down) => {
      let at = 0;
      for (const cell of row.cells) {
        while (grid[down][at] !== undefined) at += 1;
        for (let y = down; y < Math.min(down + cell.rowSpan, grid.length); y += 1) {
          for (let x = at; x < at + cell.colSpan; x += 1) grid[y][x] = "";
        }
        grid[down][at] = texts.get(cell) ?? "";
      }
    });
    const wide = Math.max(0, ...grid.map((row) => row.length));
    return grid.map((row) => Array.from({ length: wide }, (_, at) => row[at] ?? ""));
  };

  const tables = (service) => {
    const texts = new WeakMap();
    service.addRule("cell", {
      filter: ["td", "th"],
      replacement: (content, cell) => { texts.set(cell, cellOf(content)); return content; },
    });
    service.addRule("table", {
      filter: "table",
      replacement: (content, table) => {
        const grid = gridOf(table, texts).filter((row) => row.some((cell) => cell));
        const isFrame = table.parentNode.closest("table") || (grid[0]?.length ?? 0) < 2; // drawn for its looks alone
        if (isFrame) return padded(content.trim());
        grid[0] = grid[0].map((head) => head.replace(/^\*\*(.*)\*\*$/, "$1"));
        const lines = grid.map((row) => `| ${row.join(" | ")} |`);
        lines.splice(1, 0, `|${"---|".repeat(grid[0].length)}`);
        return padded(lines.join("\n"));
      },
    });
    service.addRule("rows", { filter: ["tr", "thead", "tbody", "tfoot", "caption"], replacement: padded });
  };

  const entry = (content, item, options) => {
    const list = item.parentNode;
    const from = Number(list.getAttribute("start") || 1);
    const sign = list.nodeName === "OL" ? `${from + [...list.children].indexOf(item)}.` : options.bulletListMarker;
    const box = item.querySelector(":scope > input, :scope > :is(p, label) > input");
    const text = content.trim().replace(/\n(?=.)/g, "\n    ");
    return `${sign} ${box ? `[${box.checked ? "x" : " "}] ` : ""}${text}${item.nextElementSibling ? "\n" : ""}`;
  };

  window.toMarkdown = (body, Turndown) => {
    const service = new Turndown({ headingStyle: "atx", bulletListMarker: "-", codeBlockStyle: "fenced", emDelimiter: "*", hr: "---" });
    const plain = service.escape.bind(service);
    service.escape = (text) => plain(text).replace(/&(?=#?\w+;)/g, "&amp;").replace(/<(?=[a-z/!?])/gi, "&lt;");
    tables(service);
    service.addRule("entry", { filter: "li", replacement: entry });
    service.addRule("struck", { filter: ["del", "s", "strike"], replacement: (content) => (content.trim() ? `~~${content.trim()}~~` : "") });
    service.addRule("picture", {
      filter: "img",
      replacement: (_, image) => {
        const address = image.getAttribute("src") ?? "";
        const words = (image.getAttribute("alt") || "picture").replace(/[[\]\n]/g, " ").trim();
        return /^https?:/i.test(address) ? `![${words}](${address.replace(/ /g, "%20").replace(/\)/g, "%29")})` : "";
      },
    });
    return service.turndown(body).replace(/[ \t]+$/gm, (spaces) => (spaces === "  " ? spaces : "")).replace(/\n{3,}/g, "\n\n").trim();
  };
}
