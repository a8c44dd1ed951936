/** One answer of the proxy, as far as tests judge it. */
export interface RawAnswer {
  readonly status: number;
  /** Everything before the empty line, status line included. */
  readonly head: string;
  readonly body: string;
}

/** The answers that came on one connection, in their order. No body of these tests looks like a status line. */
export function readAnswers(received: string): RawAnswer[] {
  return received
    .split(/(?=HTTP\/1\.[01] \d{3} )/)
    .filter((text) => text !== '')
    .map((text) => {
      const end = text.indexOf('\r\n\r\n');
      return { status: Number(text.slice(9, 12)), head: text.slice(0, end), body: text.slice(end + 4) };
    });
}

/** `200`, or status, error and reasons of a refusal: `403 forbidden domain-unauthorized`. */
export function describeAnswer({ status, body }: RawAnswer): string {
  const json = /\{.*\}/s.exec(body)?.[0];
  if (status < 400 || json === undefined) return String(status);
  const { error, reasons } = JSON.parse(json) as { error: string; reasons: string[] };
  return [status, error, ...reasons].join(' ');
}

/** The request's id, which finds its line of the log; null where the answer has none. */
export function requestIdOf({ head }: RawAnswer): string | null {
  return /^x-request-id: (.*)$/im.exec(head)?.[1]?.trim() ?? null;
}
