import type { Header } from './header.ts';

/** An answer of the proxy's own. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: string;
}
