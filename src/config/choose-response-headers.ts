import type { HeaderSetting } from './config.ts';
import { DISABLE } from './parse-headers.ts';

const SECURE: readonly HeaderSetting[] = [
  header('strict-transport-security', 'max-age=31536000; includeSubDomains; preload'),
];
const DEFAULTS: readonly HeaderSetting[] = [
  header('x-frame-options', 'SAMEORIGIN'),
  header('x-xss-protection', '1; mode=block'),
];

/** What answers carry where no `set_response_headers` says otherwise: Pomerium's defaults. */
export function defaultResponseHeaders(servesTls: boolean): readonly HeaderSetting[] {
  return servesTls ? [...DEFAULTS, ...SECURE] : DEFAULTS;
}

/** A route's headers over those of all routes; `disable` empties what it stands in, and on a route both. */
export function chooseResponseHeaders(
  all: readonly HeaderSetting[],
  own: readonly HeaderSetting[],
): readonly HeaderSetting[] {
  if (isDisabled(own)) return [];
  const merged = [...(isDisabled(all) ? [] : all), ...own];
  return [...new Map(merged.map(({ name, parts }) => [name, { name, parts }])).values()];
}

function isDisabled(headers: readonly HeaderSetting[]): boolean {
  return headers.some(({ name }) => name === DISABLE);
}

function header(name: string, text: string): HeaderSetting {
  return { name, parts: [{ kind: 'text', text }] };
}
