// A template takes the place of an empty text, or of another template, without leaving the page; else it comes after
// what is written. Without this the link opens the form with it.
{
  let last = ""; // the template that was put in last: as long as nothing else stands there, another may take its place
  behaviour("begin", (link) => {
    link.addEventListener("click", (event) => {
      const area = link.closest("form").querySelector("[data-toolbar] textarea");
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const written = area.value.trim();
      const isFree = !written || written === last;
      typeInto(area, isFree ? link.dataset.begin : `\n\n${link.dataset.begin}`, isFree ? 0 : area.value.length, area.value.length);
      last = link.dataset.begin.trim();
      area.setSelectionRange(0, 0);
      area.scrollTop = 0;
      announce(`${link.textContent} stands in the text`);
    });
  });
}
