import type { Adapter, AdapterPayload } from 'oidc-provider';

export interface OpenIdMemory {
  /** What oidc-provider asks for, a kind of record each. */
  open(kind: string): Adapter;
  /** The ids of the sessions of a person. */
  listSessions(personId: string): readonly string[];
}

interface Entry {
  readonly payload: AdapterPayload;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

/** What an oidc-provider remembers, for as long as its process lives. */
export function createOpenIdMemory(): OpenIdMemory {
  const records = new Map<string, Map<string, Entry>>();
  const recordsOf = (kind: string): Map<string, Entry> => {
    const own = records.get(kind) ?? new Map<string, Entry>();
    records.set(kind, own);
    return own;
  };
  const isLive = ({ endsAt }: Entry): boolean => endsAt > Date.now();

  const open = (kind: string): Adapter => {
    const own = recordsOf(kind);
    const find = (id: string): AdapterPayload | undefined => {
      const entry = own.get(id);
      return entry !== undefined && isLive(entry) ? entry.payload : undefined;
    };
    const findBy = (matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined =>
      own.values().find((entry) => isLive(entry) && matches(entry.payload))?.payload;
    const upsert = (id: string, payload: AdapterPayload, lifetimeSeconds = Infinity): void => {
      for (const [key, entry] of own) if (!isLive(entry)) own.delete(key);
      own.set(id, { payload, endsAt: Date.now() + lifetimeSeconds * 1000 });
    };
    const consume = (id: string): void => {
      const payload = find(id);
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
    };
    const revokeByGrantId = (grantId: string): void => {
      for (const [id, { payload }] of own) if (payload.grantId === grantId) own.delete(id);
    };
    return {
      upsert: async (...args) => upsert(...args),
      find: async (id) => find(id),
      findByUid: async (uid) => findBy((payload) => payload.uid === uid),
      findByUserCode: async (userCode) => findBy((payload) => payload.userCode === userCode),
      consume: async (id) => consume(id),
      destroy: async (id) => void own.delete(id),
      revokeByGrantId: async (grantId) => revokeByGrantId(grantId),
    };
  };

  return {
    open,
    listSessions: (personId) =>
      [...recordsOf('Session')].filter(([, { payload }]) => payload.accountId === personId).map(([id]) => id),
  };
}
