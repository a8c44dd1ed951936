/**
 * What came in headers, each character a byte of it, as a header can hold it again: printable ASCII. All other bytes are
 * percent-encoded as they are, whatever text they were meant to be, and so is a space at either end.
 */
export function encodeHeaderBytes(bytes: string): string {
  return bytes.replace(/^ |[^ -~]| $/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
