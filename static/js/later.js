// What the page does not wait for: the answer of data-later takes the place of what stands there.
behaviour("later", async (place) => {
  const answer = await fetch(place.dataset.later, { headers: { "HX-Request": "true" } }).catch(() => ({}));
  if (!answer.ok || answer.redirected) return;
  place.innerHTML = await answer.text();
  arrived();
});
