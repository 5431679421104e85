/** The picture that is chosen in an article's form, shown below its field whenever another one is chosen. */

const place = document.querySelector("[data-chosen-picture]");
const field = place?.parentElement.querySelector("select");

async function show() {
  const image = place.querySelector("img");
  image.hidden = true;
  if (!field.value) return;
  const address = new URL(place.dataset.chosenPicture, location.href);
  address.searchParams.set("id", field.value);
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.headers.get("Content-Type")?.startsWith("application/json")) return;
  const [picture] = await response.json();
  if (!picture || String(picture.id) !== field.value) return;
  image.src = picture.thumbnail;
  image.alt = picture.alternative_text;
  image.hidden = false;
}

// Django's own field of choices tells of a change through jQuery alone.
if (field) window.django.jQuery(field).on("change", show);
