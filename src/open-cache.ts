export interface Cache<V> {
  get(key: string): V | undefined;
  /** `bytes` is about what the entry takes in memory. */
  set(key: string, value: V, bytes: number): void;
  delete(key: string): void;
  clear(): void;
}

export interface CacheLimits {
  readonly count: number;
  readonly bytes: number;
}

interface Entry<V> {
  readonly value: V;
  readonly bytes: number;
}

/**
 * A bounded memory, in two generations: where the young one is half of what is allowed, it becomes the old one, and the
 * one before goes. What is used moves to the young one, so a flood of entries that are used once drives out others that
 * are used once, and costs the entries in use nothing.
 */
export function openCache<V>({ count, bytes }: CacheLimits): Cache<V> {
  let young = new Map<string, Entry<V>>();
  let old = young;
  let youngBytes = 0;

  const put = (key: string, entry: Entry<V>): void => {
    if (entry.bytes > bytes / 2) return;
    youngBytes -= young.get(key)?.bytes ?? 0;
    young.delete(key);
    if (young.size >= count / 2 || youngBytes + entry.bytes > bytes / 2) {
      old = young;
      young = new Map();
      youngBytes = 0;
    }
    youngBytes += entry.bytes;
    young.set(key, entry);
  };

  return {
    get(key) {
      const entry = young.get(key);
      if (entry !== undefined) return entry.value;
      const aged = old.get(key);
      if (aged !== undefined) put(key, aged);
      return aged?.value;
    },
    set: (key, value, size) => put(key, { value, bytes: size }),
    delete(key) {
      youngBytes -= young.get(key)?.bytes ?? 0;
      young.delete(key);
      old.delete(key);
    },
    clear() {
      young = new Map();
      old = young;
      youngBytes = 0;
    },
  };
}
