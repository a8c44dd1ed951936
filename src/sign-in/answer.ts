/** An answer of the proxy's own. A name may stand there more than once (`set-cookie`). */
export interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}
