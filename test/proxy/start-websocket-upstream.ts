import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { type RawUpstream, startRawUpstream } from './start-raw-upstream.ts';

export interface WebsocketUpstream extends RawUpstream {
  /** Header lines that the next 101 has beside its own, each ended by CRLF. */
  more: string;
  /** What comes in the same breath as the next 101. */
  behind: string;
}

/** The first byte of a frame that closes (RFC 6455 section 5.5.1); the server then ends the connection. */
const CLOSE = 0x88;

/** RFC 6455 section 4.2.2: what a server makes of a client's key. */
export function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

/** An upstream that switches whoever asks to WebSocket, and from then on says what it is told. */
export async function startWebsocketUpstream(): Promise<WebsocketUpstream> {
  const switched = new Set<Socket>();
  const raw = await startRawUpstream((socket, text) => {
    const end = text.indexOf('\r\n\r\n');
    if (end < 0 || switched.has(socket)) {
      return;
    }
    switched.add(socket);
    const key = /^sec-websocket-key: (.*)\r$/im.exec(text)?.[1] ?? '';
    const head = `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${acceptOf(key)}\r\n`;
    socket.write(`${head}${upstream.more}\r\n${upstream.behind}${text.slice(end + 4)}`, 'latin1');
    socket.on('data', (chunk: Buffer) => {
      const said = unmask(chunk);
      if (said[0] === CLOSE) {
        socket.end(said);
      } else {
        socket.write(said);
      }
    });
  });
  const upstream = Object.assign(raw, { more: '', behind: '' });
  return upstream;
}

/** A short frame as a server sends it (RFC 6455 section 5.3); other bytes as they are. */
function unmask(bytes: Buffer): Buffer {
  const [start = 0, length = 0] = bytes;
  if ((length & 0x80) === 0 || bytes.length !== 6 + (length & 0x7f)) {
    return bytes;
  }
  const mask = bytes.subarray(2, 6);
  const payload = bytes.subarray(6).map((byte, i) => byte ^ (mask[i % 4] ?? 0));
  return Buffer.concat([Buffer.of(start, length & 0x7f), payload]);
}
