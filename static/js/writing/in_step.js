// Text and preview scroll in step: heading beside heading, and what lies between them in proportion.
behaviour("toolbar", (editor) => {
  const area = editor.querySelector("textarea");
  const preview = editor.querySelector(".preview");
  const mirror = document.createElement("div"); // as wide as the text and in its type, to learn where a line stands
  let moved = null; // what a script scrolled: its own event moves nothing back
  let stops = null;

  mirror.className = "mirror";
  mirror.ariaHidden = "true";
  preview.after(mirror);

  const headingsOf = (text) => {
    const found = [];
    let at = 0;
    let fence = "";
    for (const line of text.split("\n")) {
      const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? "";
      if (mark && (!fence || mark.startsWith(fence))) fence = fence ? "" : mark;
      else if (!fence && /^ {0,3}#{1,6}\s/.test(line)) found.push(at);
      at += line.length + 1;
    }
    return found;
  };

  const measure = () => {
    const { value } = area;
    const ends = [area.scrollHeight - area.clientHeight, preview.scrollHeight - preview.clientHeight];
    const shown = preview.querySelectorAll("h1, h2, h3, h4, h5, h6");
    const headings = headingsOf(value);
    const pairs = [];
    if (shown.length === headings.length) {
      mirror.style.width = `${area.clientWidth}px`;
      mirror.replaceChildren(...headings.flatMap((at, number) => [value.slice(headings[number - 1] ?? 0, at), document.createElement("i")]));
      const top = preview.getBoundingClientRect().top - preview.scrollTop;
      [...mirror.querySelectorAll("i")].forEach((sign, number) => pairs.push([sign.offsetTop, shown[number].getBoundingClientRect().top - top]));
      mirror.replaceChildren();
    }
    return [[0, 0], ...pairs.filter(([one, other]) => one > 0 && other > 0 && one < ends[0] && other < ends[1]), ends];
  };

  // Where the other side stands when this one (0 the text, 1 the preview) has been scrolled to y.
  const across = (y, side) => {
    const next = Math.max(1, stops.findIndex((stop) => stop[side] >= y));
    const [from, to] = [stops[next - 1], stops[next]];
    const part = to[side] > from[side] ? (y - from[side]) / (to[side] - from[side]) : 0;
    return from[1 - side] + Math.min(1, part) * (to[1 - side] - from[1 - side]);
  };

  const follow = (one, other, side) => {
    if (moved === one) { moved = null; return; }
    if (other.scrollHeight <= other.clientHeight || one.scrollHeight <= one.clientHeight) return;
    stops ??= measure();
    const y = Math.round(across(one.scrollTop, side));
    if (Math.abs(other.scrollTop - y) < 2) return;
    moved = other;
    other.scrollTop = y;
  };

  area.addEventListener("scroll", () => follow(area, preview, 0));
  preview.addEventListener("scroll", () => follow(preview, area, 1));
  new ResizeObserver(() => { stops = null; }).observe(area);
  area.addEventListener("input", () => { stops = null; });
  document.addEventListener("arrived", () => { stops = null; moved = null; follow(area, preview, 0); });
});
