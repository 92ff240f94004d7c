// What is typed into a form survives a closed tab, an expired session and a failed save: it is kept in this browser,
// under the form's data-keep and its writer, until the server says by data-kept-clear that it was saved. kept.js brings
// it to the server as well; where both hold a text, the newest stands in the form, and the others are offered above it.
{
  const OWN = ["version", "once", "draft", "took", "searched"]; // they belong to a text, and say nothing by themselves
  const slot = (key) => `keep:${document.body.dataset.owner}:${key}`;
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const words = (values) => values.filter(([name]) => !OWN.includes(name));
  const valueOf = (values, wanted) => values.find(([name]) => name === wanted)?.[1] ?? "";

  const load = (key) => {
    const kept = JSON.parse(localStorage.getItem(key));
    return Array.isArray(kept) ? { values: kept.flat(), at: 0 } : kept; // as it was kept before texts had a token
  };
  const store = (key, kept) => {
    try { localStorage.setItem(key, JSON.stringify(kept)); } catch { localStorage.removeItem(key); } // full: the server has it
  };

  // Fields with data-unkept stand in rows that only the server can make.
  const fill = (form, values) => {
    const left = [...values];
    for (const field of form.elements) {
      const at = left.findIndex(([name]) => name === field.name);
      if (field.matches("[data-unkept]")) continue;
      if (/checkbox|radio/.test(field.type)) field.checked = values.some(([name, value]) => name === field.name && value === field.value);
      else if (at >= 0) [[, field.value]] = left.splice(at, 1);
      else continue;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  const offer = (form, text, act, does) => {
    const notice = document.createElement("div");
    notice.className = "notice";
    notice.role = "status";
    notice.innerHTML = '<span></span><button type="button" class="btn"></button>';
    notice.firstChild.textContent = text;
    notice.lastChild.textContent = act;
    notice.lastChild.addEventListener("click", () => {
      notice.remove();
      does();
      form.querySelector("input:not([type=hidden]), textarea")?.focus();
    });
    form.before(notice);
  };

  behaviour("keep", (form) => {
    const key = slot(form.dataset.keep);
    const read = () => [...new FormData(form)].filter(([name]) => name !== "csrf_token");
    const served = read();
    const kept = load(key);
    const token = kept && valueOf(kept.values, "draft");
    const lines = [...document.querySelectorAll("[data-draft]")];
    const own = lines.find((line) => line.dataset.draft === token);
    let timer;
    let touched = form.dataset.state === "again"; // a form that came back holds what is not saved

    const save = () => {
      clearTimeout(timer);
      if (!touched) return;
      touched = false;
      const values = read();
      const isEmptied = same(words(values), words(served)) && !form.dataset.state;
      if (isEmptied) localStorage.removeItem(key);
      else store(key, { values, at: Date.now() });
      form.dispatchEvent(new Event(isEmptied ? "emptied" : "kept"));
    };

    const takeUp = () => {
      fill(form, kept.values);
      own?.remove();
      form.dataset.sent = own ? "yes" : "";
      if (!kept.stored || !own) form.dataset.unsent = "yes";
      const isBehind = Number(valueOf(kept.values, "version")) < Number(valueOf(served, "version"));
      offer(form, `What you wrote here before is back.${isBehind ? " The page was changed since: when you save, you see both." : ""}`, "Throw it away", () => {
        form.dispatchEvent(new Event("emptied"));
        fill(form, served);
        clearTimeout(timer);
        touched = false;
        localStorage.removeItem(key);
      });
    };

    // What only this browser has goes to the server, so that whatever is typed now takes the place of nothing.
    const rescue = () => fetch(`/forms/${form.dataset.keep}/draft`, {
      method: "POST",
      body: new URLSearchParams([...kept.values, ["csrf_token", csrfToken()]]),
      headers: { "HX-Request": "true" },
    }).then(({ ok }) => ok, () => false);

    const settle = async () => {
      const isDone = kept.stored && !own && form.dataset.state !== "taken"; // saved, thrown away or taken up elsewhere
      const isNewest = lines.every((line) => line === own || Number(line.dataset.at) < kept.at);
      const isWhole = !form.querySelector("[data-unkept]");
      if (isDone || same(words(kept.values), words(served))) localStorage.removeItem(key);
      else if (valueOf(served, "took") === token || (isNewest && isWhole && !form.dataset.state)) { if (!kept.stored || own) takeUp(); }
      else if (kept.stored || (await rescue())) {
        if (!own) offer(form, "This browser holds other text that you wrote here.", "Take it up", () => location.assign(`?draft=${token}`));
      } else offer(form, "This browser holds other text that you wrote here.", "Take it up", takeUp);
    };

    if (kept && form.dataset.state !== "again") settle();
    if (touched) form.dataset.unsent = "yes";
    form.addEventListener("input", () => { touched = true; clearTimeout(timer); timer = setTimeout(save, 300); });
    form.addEventListener("stored", () => { const now = load(key); if (now) store(key, { ...now, stored: true }); });
    form.addEventListener("submit", save);
    addEventListener("pagehide", save);
    save();
  });

  // "edit-12 TOKEN": the slot is cleared where it holds this text; without a token, whatever it holds.
  behaviour("kept-clear", (sign) => {
    const [name, token] = sign.dataset.keptClear.split(" ");
    const kept = load(slot(name));
    const held = kept ? valueOf(kept.values, "draft") : "";
    if (!token || !held || held === token) localStorage.removeItem(slot(name));
  });
}
