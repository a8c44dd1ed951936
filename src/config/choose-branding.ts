import type { Branding, Located } from './config.ts';
import { parseKeys, type Scope } from './parse-keys.ts';

const DEFAULTS: Branding = { name: 'Behalf', logo: null, color: null };

/** What pages of the proxy's own show of the house; `map` is null where nothing is said. */
export function chooseBranding(map: Located | null, scope: Scope): Branding {
  const fields = map === null ? undefined : parseKeys(map, 'branding', scope);
  return {
    name: fields?.name?.value ?? DEFAULTS.name,
    logo: fields?.logo?.value ?? DEFAULTS.logo,
    color: fields?.color?.value ?? DEFAULTS.color,
  };
}
