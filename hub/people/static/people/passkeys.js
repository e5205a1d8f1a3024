// Passkeys and security keys: asks the device, puts its answer into the form, sends it.
// What goes over the wire is the JSON of WebAuthn Level 3 (§5.1.9 to §5.1.11): binary fields in base64url.

const toBytes = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

const withBytes = (descriptors) => (descriptors ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

function forCreation({ publicKey }, alone) {
  const selection = { ...publicKey.authenticatorSelection, residentKey: alone ? "required" : "discouraged" };
  selection.requireResidentKey = alone;
  if (alone) selection.userVerification = "required";
  return {
    ...publicKey,
    challenge: toBytes(publicKey.challenge),
    user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
    excludeCredentials: withBytes(publicKey.excludeCredentials),
    authenticatorSelection: selection,
  };
}

const forAnswer = ({ publicKey }) => ({
  ...publicKey,
  challenge: toBytes(publicKey.challenge),
  allowCredentials: withBytes(publicKey.allowCredentials),
});

function described(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    const value = credential.response[name];
    if (value) response[name] = toText(value);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

const optionsOf = (id) => JSON.parse(document.getElementById(id).textContent);

async function optionsToSignIn(form) {
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  return (await answer.json()).request_options;
}

function ask(form) {
  const { passkeyCreate, passkeyGet, passkeyAlone } = form.dataset;
  if (passkeyCreate) {
    const alone = document.getElementById(passkeyAlone).checked;
    return navigator.credentials.create({ publicKey: forCreation(optionsOf(passkeyCreate), alone) });
  }
  const options = passkeyGet ? Promise.resolve(optionsOf(passkeyGet)) : optionsToSignIn(form);
  return options.then((given) => navigator.credentials.get({ publicKey: forAnswer(given) }));
}

async function answer(form) {
  const error = form.querySelector("[data-passkey-error]");
  error.hidden = true;
  try {
    form.elements.credential.value = JSON.stringify(described(await ask(form)));
    form.submit();
  } catch {
    error.hidden = false;
  }
}

for (const form of document.querySelectorAll("[data-passkey-login], [data-passkey-get], [data-passkey-create]")) {
  form.hidden = !window.PublicKeyCredential;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(form);
  });
}

for (const words of document.querySelectorAll("[data-passkey-unsupported]")) {
  words.hidden = Boolean(window.PublicKeyCredential);
}
