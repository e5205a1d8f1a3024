/** A phone that gets the code on its own types it by itself (WebOTP); others are typed into as ever. */

const field = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-otp]"));

if (field && "OTPCredential" in window) {
  const waiting = new AbortController();
  field.form?.addEventListener("submit", () => waiting.abort());
  const asked = /** @type {CredentialRequestOptions} */ ({ otp: { transport: ["sms"] }, signal: waiting.signal });
  navigator.credentials
    .get(asked)
    .then((found) => {
      field.value = /** @type {{ code?: string } | null} */ (/** @type {unknown} */ (found))?.code ?? "";
      if (field.value) field.form?.requestSubmit();
    })
    .catch(() => {}); // refused, or sent by hand before it came
}
