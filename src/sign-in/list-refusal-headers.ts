import type { Answer } from './answer.ts';

/** A request that ends here: what a client is told, in codes. */
export interface Refusal {
  readonly status: number;
  /** What went wrong, kebab-case. */
  readonly error: string;
  /** Why, kebab-case. */
  readonly reasons: readonly string[];
}

/** What the status of a refusal asks for, whoever reads it. */
export function listRefusalHeaders({ status, error }: Pick<Refusal, 'status' | 'error'>): Answer['headers'] {
  switch (status) {
    case 401: {
      // RFC 6750 section 3: the error only where a credential was presented.
      const fault = error === 'unauthenticated' ? '' : ', error="invalid_token"';
      return [['www-authenticate', `Bearer realm="behalf"${fault}`]];
    }
    case 405:
      return [['allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS']];
    default:
      return [];
  }
}
