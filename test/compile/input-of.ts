import type { Caller, InputDocument, OriginalUser } from '../../src/engine/documents.ts';

export interface Facts {
  readonly request?: Partial<InputDocument['request']>;
  readonly caller?: Partial<Caller> | null;
  readonly original_user?: Partial<OriginalUser> | null;
  readonly original_user_error?: InputDocument['original_user_error'];
  readonly time_ns?: number;
}

/** A whole input document from the facts that matter. */
export function inputOf(route: string, facts: Facts): InputDocument {
  const { request, caller = null, original_user = null, original_user_error = null, time_ns = 0 } = facts;
  return {
    route: { id: route, name: '' },
    request: {
      method: 'GET',
      scheme: 'https',
      host: 'app.example.com',
      path: '/',
      query: '',
      headers: {},
      ip: '192.0.2.1',
      client_certificate: null,
      ...request,
    },
    caller: caller && {
      type: 'user',
      id: 'u1',
      email: '',
      name: '',
      groups: [],
      claims: {},
      session_id: 's1',
      expires_at: null,
      ...caller,
    },
    original_user: original_user && {
      type: 'user',
      id: 'o1',
      email: '',
      name: '',
      groups: [],
      claims: {},
      issuer: 'app.example.com',
      audience: 'app.example.com',
      expires_at: 0,
      expired: false,
      ...original_user,
    },
    original_user_error,
    time_ns,
  };
}
