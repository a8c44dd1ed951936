import { connect } from 'node:net';

/** After an answer has begun: how long without a byte means that no more will come. Most connections are closed instead. */
const SILENCE_MS = 3_000;
const PATIENCE_MS = 30_000;

/**
 * Writes these bytes to a connection of its own and nothing else, so that a test decides every octet.
 *
 * @param bytes text is sent as latin1, one octet a character
 * @returns all that came back until the other side closed or fell silent, as latin1; "" where it closed without a word
 */
export function sendRaw(url: string, bytes: string | Buffer): Promise<string> {
  const octets = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(octets));
    socket.setTimeout(PATIENCE_MS, () => {
      if (chunks.length === 0) reject(new Error(`no answer within ${PATIENCE_MS} ms`));
      socket.destroy();
    });
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      socket.setTimeout(SILENCE_MS);
    });
    // A reset after the answer is still an answer; one before it shows as "".
    socket.on('error', () => {});
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}
