// pastedHtml(html): what Word, Google Docs or a web page put on the clipboard, as a body of plain honest elements:
// emphasis by style becomes an element, lists of Word become lists, and what nobody would read goes.
{
  const NOISE = "script, style, noscript, template, iframe, object, svg, xml, meta, link, title, button, select, textarea,"
    + " input:not([type=checkbox]), [hidden], [aria-hidden=true], .msocomtxt, .MsoCommentReference";
  const LIST = /mso-list:\s*\S+\s+level(\d+)/i;
  const NUMBERED = /^[([]?(?:\d+|[a-z]|[ivxl]+)[.)\]]/i;
  const PORTAL = /^\/(?:playbooks|objections|questions|competitors|paths)\/(\d{1,9})(?:-[^/#?]*)?(?:#h-([^?]*))?$/;
  const EMPHASIS = [
    ["strong", (style) => /(?<!-)font-weight:\s*(?:bold|[6-9]00)/.test(style)],
    ["em", (style) => /(?<!-)font-style:\s*(?:italic|oblique)/.test(style)],
    ["del", (style) => /text-decoration[^;]*line-through/.test(style)],
  ];

  const styleOf = (element) => element.getAttribute("data-style")?.toLowerCase() ?? "";
  const unwrap = (element) => element.replaceWith(...element.childNodes);
  const wrap = (element, name) => {
    const outer = element.ownerDocument.createElement(name);
    outer.append(...element.childNodes);
    element.append(outer);
  };
  const rename = (element, name) => {
    const other = element.ownerDocument.createElement(name);
    other.append(...element.childNodes);
    element.replaceWith(other);
    return other;
  };

  // The piece that was marked, its styles and handlers put aside: the page's policy looks at them in any document.
  const parse = (html) => {
    const from = html.indexOf("<!--StartFragment-->");
    const to = html.lastIndexOf("<!--EndFragment-->");
    const piece = from >= 0 && to > from ? html.slice(from, to) : html;
    const quiet = piece
      .replace(/<(\/?)style\b/gi, "<$1xml")
      .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\s(style|on[a-z]+)\s*=/gi, " data-$1="));
    return new DOMParser().parseFromString(quiet, "text/html").body;
  };

  const emphasise = (body) => {
    for (const element of body.querySelectorAll("b, i, strong, em")) {
      if (/(?<!-)font-(?:weight:\s*(?:normal|400)|style:\s*normal)/.test(styleOf(element))) unwrap(element);
    }
    for (const element of body.querySelectorAll("span[data-style], p[data-style], li[data-style], td[data-style]")) {
      for (const [name, is] of EMPHASIS) if (is(styleOf(element)) && element.textContent.trim()) wrap(element, name);
    }
    for (const inner of body.querySelectorAll(":is(h1, h2, h3, h4, h5, h6, th) :is(strong, b, u), strong strong, b b, em em")) unwrap(inner);
    for (const outer of body.querySelectorAll("span, font, u, o\\:p, center")) unwrap(outer);
    for (const mark of body.querySelectorAll("strong, b, em, i, del")) {
      while (mark.nextSibling?.nodeName === mark.nodeName) {
        mark.append(...mark.nextSibling.childNodes);
        mark.nextSibling.remove();
      }
    }
  };

  // Paragraphs that only look like a list, from Word: a row of them becomes lists within lists.
  const makeLists = (body) => {
    let open = []; // the list of each level
    let last = null;
    for (const entry of [...body.querySelectorAll("p[data-style], li[data-style]")]) {
      const level = Number(LIST.exec(styleOf(entry))?.[1] ?? 0);
      if (!level || entry.nodeName === "LI") continue;
      const sign = [...entry.querySelectorAll("[data-style]")].find((one) => /mso-list:\s*ignore/.test(styleOf(one)));
      const name = NUMBERED.test(sign?.textContent.trim() ?? "") ? "ol" : "ul";
      sign?.remove();
      if (last?.nextElementSibling !== entry) open = [];
      open.length = Math.min(open.length, level);
      while (open.length < level || open.at(-1).localName !== name) {
        if (open.length === level) open.pop();
        const list = body.ownerDocument.createElement(name);
        const parent = open.at(-1)?.lastElementChild;
        if (parent) parent.append(list);
        else entry.before(list);
        open.push(list);
        if (!parent) last = list;
        if (open.length < level) list.append(body.ownerDocument.createElement("li"));
      }
      const item = body.ownerDocument.createElement("li");
      item.append(...entry.childNodes);
      open.at(-1).append(item);
      entry.remove();
    }
  };

  const mendLists = (body) => {
    for (const list of body.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) list.previousElementSibling?.append(list);
    for (const only of body.querySelectorAll("li > p")) {
      if (only.parentNode.querySelectorAll(":scope > p").length === 1) unwrap(only);
    }
  };

  const mendLinks = (body) => {
    for (const link of body.querySelectorAll("a")) {
      let address = link.getAttribute("href") ?? "";
      address = /^https?:\/\/www\.google\.com\/url\?/.test(address) ? new URL(address).searchParams.get("q") ?? address : address;
      const own = address.startsWith(location.origin) && PORTAL.exec(address.slice(location.origin.length));
      if (own) address = `item:${own[1]}${own[2] ? `#${own[2]}` : ""}`;
      if (!/^(?:https?:|mailto:|item:)/i.test(address) || !link.textContent.trim()) unwrap(link);
      else link.setAttribute("href", address);
      link.removeAttribute("title");
    }
  };

  const tidyText = (body) => {
    const walk = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const text = walk.currentNode;
      text.data = text.data.replace(/[\u00a0\u202f]/g, " ").replace(/[\u00ad\u200b\ufeff]/g, "");
    }
    for (const empty of body.querySelectorAll("p, li, h1, h2, h3, h4, h5, h6, blockquote, strong, em, del, b, i")) {
      if (!empty.textContent.trim() && !empty.querySelector("img, br, input")) empty.replaceWith(" ");
    }
  };

  window.pastedHtml = (html) => {
    const body = parse(html);
    for (const gone of body.querySelectorAll(NOISE)) gone.remove();
    for (const element of body.querySelectorAll("[data-style]")) {
      if (/display:\s*none|mso-hide:\s*all|mso-element:\s*comment/.test(styleOf(element))) element.remove();
    }
    makeLists(body);
    for (const title of body.querySelectorAll("p.MsoTitle")) rename(title, "h1");
    for (const quote of body.querySelectorAll("p.MsoQuote, p.MsoIntenseQuote")) wrap(rename(quote, "blockquote"), "p");
    emphasise(body);
    mendLists(body);
    mendLinks(body);
    tidyText(body);
    return body;
  };
}
