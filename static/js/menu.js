// An open menu closes on Esc, and when the pointer or the focus goes elsewhere.
behaviour("menu", (menu) => {
  for (const leaving of ["pointerdown", "focusin"]) {
    document.addEventListener(leaving, (event) => { if (!menu.contains(event.target)) menu.open = false; });
  }
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});
