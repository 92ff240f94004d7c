// A picture that is pasted, dropped or picked goes to data-paste and stands in the text as ![name](file:ID).
// The address takes the field "file" and answers {"id": 12, "name": "plant.png"}; a refusal is an error page.
behaviour("paste", (area) => {
  const put = (text) => area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  const replace = (old, text) => {
    const at = area.value.indexOf(old);
    const end = at + text.length;
    const caret = area.selectionEnd;
    if (at >= 0) area.setRangeText(text, at, at + old.length, "preserve");
    // A caret behind the old text would become a mark over the new one, and the next picture would replace it.
    if (at >= 0 && caret > at && caret <= at + old.length) area.setSelectionRange(end, end);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const send = async (file) => {
    const waiting = `![${file.name} is on its way]()`;
    const body = new FormData();
    body.append("file", file);
    put(waiting);
    try {
      const answer = await fetch(area.dataset.paste, { method: "POST", body, headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" } });
      if (!answer.ok) throw new Error(refusal(await answer.text()));
      const { id, name } = await answer.json();
      replace(waiting, `![${name.replace(/[[\]]/g, "")}](file:${id})`);
    } catch (error) {
      replace(waiting, "");
      announce(error.message || "The picture did not reach us. Your text is still here.", true);
    }
  };

  const take = (event, files) => {
    const pictures = [...(files ?? [])].filter((file) => file.type.startsWith("image/"));
    if (pictures.length) event.preventDefault();
    pictures.forEach(send);
  };

  const picker = area.closest(".editor")?.querySelector("[data-pick]");
  picker?.addEventListener("change", (event) => { take(event, picker.files); picker.value = ""; });
  area.addEventListener("paste", (event) => take(event, event.clipboardData.files));
  area.addEventListener("drop", (event) => take(event, event.dataTransfer.files));
});
