/** Has the browser make or show a passkey (WebAuthn), and sends what it says with the form that asked for it. */

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** Returns what the server asks for, its base64 made bytes. */
function asked(options) {
  const key = options.publicKey;
  key.challenge = bytes(key.challenge);
  if (key.user) key.user.id = bytes(key.user.id);
  for (const list of [key.allowCredentials, key.excludeCredentials]) {
    for (const known of list ?? []) known.id = bytes(known.id);
  }
  return { publicKey: key };
}

/** Returns a key's answer as the server reads it. */
function told(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const field = form.elements.credential;
  const status = form.querySelector("[role=status]");
  field.value = "";
  form.addEventListener("submit", async (event) => {
    if (field.value) return;
    event.preventDefault();
    if (!form.reportValidity()) return;
    if (!navigator.credentials || !globalThis.PublicKeyCredential) {
      status.textContent = form.dataset.unable;
      return;
    }
    status.textContent = "";
    try {
      const options = asked(JSON.parse(form.dataset.options));
      field.value = told(await navigator.credentials[form.dataset.passkey](options));
    } catch {
      status.textContent = form.dataset.refused;
      return;
    }
    form.requestSubmit();
  });
}
