// A table or a piece of code that is wider than the page scrolls in a box of its own; keys get there too.
behaviour("scrolls", (text) => {
  new ResizeObserver(() => {
    for (const box of text.querySelectorAll("table, pre")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  }).observe(text);
});
