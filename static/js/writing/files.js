/** A file that is dropped on the page or pasted into the text: told by its content, as the server does, never by its name. */

const PICTURES = [/^\xff\xd8\xff/, /^\x89PNG/, /^RIFF.{4}WEBP/s, /^.{4}ftyp/s];
const HEAD = 12;

export const holdsFiles = (transfer) => [...(transfer?.types ?? [])].includes("Files");

/** Returns the sentence with which the server would refuse a file, or nothing: what only it can tell, it tells. */
export async function refusal(file, { heaviest, words }) {
  if (!file.size) return words.empty;
  if (file.size > heaviest) return words.heavy;
  let head = "";
  try {
    head = String.fromCharCode(...new Uint8Array(await file.slice(0, HEAD).arrayBuffer()));
  } catch {
    // A folder, or a file that is gone.
  }
  return PICTURES.some((start) => start.test(head)) ? "" : words.other;
}

/** A file that misses the text would be opened in place of the page, and take away what is being written. */
export function holdTheRest() {
  const misses = (event) => holdsFiles(event.dataTransfer) && !event.target.closest?.("input[type=file]");
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, (event) => {
      if (event.defaultPrevented || !misses(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "none";
    });
  }
}
