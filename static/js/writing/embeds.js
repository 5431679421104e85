/** The address of a video or a post, or of its player, becomes a link with a title (`articles/embeds.py`). */

/** Returns the link that stands for an address of a known place, or null. */
export function linkTo(address, { players, places, title }) {
  address = address.trim();
  if (/\s/.test(address)) return null;
  for (const [player, page] of players) address = address.replace(new RegExp(player), page);
  if (!/^https?:\/\//.test(address) || !URL.canParse(address)) return null;
  const { host, pathname, search } = new URL(address);
  const place = host.replace(/^www\./, "").replace(/^m\./, "") + pathname + search;
  const found = places.find(([start]) => place.startsWith(start) && place !== start);
  if (!found) return null;
  return { href: address, title: title.replace("%(place)s", place.split("/")[0]), text: found[1] };
}
