import type { Configuration } from 'openid-client';

/** An older document is fetched anew, and serves meanwhile. */
const REFRESH_AFTER_MS = 60 * 60_000;
/** Between the starts of two fetches: what a provider that is away can cost. */
const QUIET_MS = 2000;

/**
 * What a provider says of itself, asked for when it is first needed and again each hour; a failure leaves what there is,
 * and else is everybody's for two seconds. However many wait, one question is under way.
 */
export function openDiscovery(discover: () => Promise<Configuration>): () => Promise<Configuration> {
  let known: { readonly found: Promise<Configuration>; readonly at: number } | null = null;
  let asked: { readonly found: Promise<Configuration>; readonly at: number; settled: boolean } | null = null;

  const ask = (): Promise<Configuration> => {
    const at = performance.now();
    if (asked !== null && (!asked.settled || at - asked.at < QUIET_MS)) return asked.found;
    const asking = { found: discover(), at, settled: false };
    asked = asking;
    asking.found.then(
      () => {
        asking.settled = true;
        known = asking;
      },
      () => {
        asking.settled = true;
      },
    );
    return asking.found;
  };

  return () => {
    if (known === null) return ask();
    if (performance.now() - known.at > REFRESH_AFTER_MS) ask().catch(() => {});
    return known.found;
  };
}
