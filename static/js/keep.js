// What is typed into a form survives a closed tab, an expired session and a failed save: it is kept in this browser,
// under the form's data-keep and its writer, until the server says by data-kept-clear that it was saved.
{
  const slot = (key) => `keep:${document.body.dataset.owner}:${key}`;
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const checkable = (field) => field.type === "checkbox" || field.type === "radio";
  const read = (fields) => fields.map((field) => [field.name, checkable(field) ? field.checked : field.value]);

  const write = (fields, values) => {
    fields.forEach((field, at) => {
      const [name, value] = values[at] ?? [];
      if (name !== field.name) return;
      field[checkable(field) ? "checked" : "value"] = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  };

  behaviour("keep", (form) => {
    const key = slot(form.dataset.keep);
    const fields = [...form.elements].filter((field) => field.matches("input, textarea, select") && field.name && !field.matches("[data-unkept]") && !/password|file|hidden/.test(field.type));
    // The version and the once key belong to the draft: an old draft must meet the conflict, a repeat its first result.
    const hidden = [...form.elements].filter((field) => field.type === "hidden" && field.name !== "csrf_token" && !field.matches("[data-unkept]"));
    const served = [read(fields), read(hidden)];
    const kept = JSON.parse(localStorage.getItem(key));
    const cameBack = kept && same(kept[0], served[0]); // a form refused by the server is still a draft
    let timer;
    let touched = false;

    const save = () => {
      clearTimeout(timer);
      if (!touched) return;
      const now = [read(fields), read(hidden)];
      if (same(now[0], served[0]) && !cameBack) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(now));
    };
    const fill = (values) => { write(fields, values[0]); write(hidden, values[1]); };

    const offer = () => {
      const notice = document.createElement("div");
      notice.className = "notice";
      notice.role = "status";
      notice.innerHTML = '<span>What you wrote here before is back.</span><button type="button" class="btn">Throw it away</button>';
      notice.lastChild.addEventListener("click", () => {
        fill(served);
        touched = false;
        localStorage.removeItem(key);
        notice.remove();
        fields[0]?.focus();
      });
      form.prepend(notice);
    };

    if (kept && !cameBack) { fill(kept); offer(); }
    form.addEventListener("input", () => { touched = true; clearTimeout(timer); timer = setTimeout(save, 300); });
    form.addEventListener("submit", save);
    addEventListener("pagehide", save);
  });

  behaviour("kept-clear", (sign) => localStorage.removeItem(slot(sign.dataset.keptClear)));
}
