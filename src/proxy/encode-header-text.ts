/**
 * Text of a decision as a header can hold it: printable ASCII. All else, and a space at either end, which recipients take
 * off (RFC 9110 section 5.5), is percent-encoded as UTF-8.
 */
export function encodeHeaderText(text: string): string {
  return /^(?:[!-~](?:[ -~]*[!-~])?)?$/.test(text)
    ? text
    : text.toWellFormed().replace(/^ |[^ -~]+| $/g, encodeURIComponent);
}
