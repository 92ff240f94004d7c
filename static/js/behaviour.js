// Loaded first. behaviour(name, attach) calls attach(element) once for each element with data-<name>,
// on the page as it came and in all that arrives later; announce() speaks to the live region.
window.behaviour = (name, attach) => {
  const seen = new WeakSet();
  const look = () => {
    for (const element of document.querySelectorAll(`[data-${name}]`)) {
      if (seen.has(element)) continue;
      seen.add(element);
      attach(element);
    }
  };
  look();
  document.addEventListener("arrived", look);
};

// To be called when something has come into the page.
window.arrived = () => document.dispatchEvent(new Event("arrived"));

// loud: shown to everybody for some seconds, not only read to screen readers.
window.announce = (text, loud = false) => {
  const region = document.getElementById("announce");
  region.textContent = text;
  region.classList.toggle("loud", loud);
  clearTimeout(region.timer);
  region.timer = setTimeout(() => { region.textContent = ""; region.classList.remove("loud"); }, loud ? 6000 : 2000);
};

// Why the server refused, as its error page says it; "" if there is no such page.
window.refusal = (html) =>
  new DOMParser().parseFromString(html, "text/html").querySelector("[data-happened]")?.textContent ?? "";

window.csrfToken = () => document.querySelector("meta[name=csrf-token]").content;
