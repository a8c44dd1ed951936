import type { Config, HeaderSetting, Route } from '../config/config.ts';

/** What the policy library reads as `data`: set at run time, so that a new name or option compiles nothing. */
export interface PolicyData {
  /** By the routes' ids. */
  readonly routes: Readonly<Record<string, RouteOptions>>;
}

interface RouteOptions {
  readonly name: string;
  /** The package of its policy, `p_<hash>`. */
  readonly policy: string;
  readonly pass_identity_headers: boolean;
  readonly issuer_format: Route['issuerFormat'];
  readonly carries_unverified: boolean;
  readonly claim_headers: readonly { readonly name: string; readonly claim: string }[];
  /** Like all lists of actions here, as a decision has them: they depend on no request. */
  readonly set_request_headers: readonly SetAction[];
  /** Those of them that say who calls. */
  readonly jwt_request_headers: readonly Omit<SetAction, 'action'>[];
  readonly remove_request_headers: readonly { readonly action: 'remove'; readonly name: string }[];
  readonly set_response_headers: readonly SetAction[];
}

interface SetAction {
  readonly action: 'set';
  readonly name: string;
  readonly value: readonly ValuePart[];
}

/** The assertion, or a text of the configuration by its number: it may be secret, and no policy needs it. */
type ValuePart = { readonly jwt: true } | { readonly config: number };

export interface WrittenData {
  readonly data: PolicyData;
  /** By their numbers. */
  readonly headerTexts: readonly string[];
}

/** Writes the options of all routes; `policies` are the packages of their policies, by the routes' ids. */
export function writeData(config: Config, policies: Readonly<Record<string, string>>): WrittenData {
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
  const writeHeader = ({ name, parts }: HeaderSetting) => ({
    name,
    value: parts.map((part) => (part.kind === 'jwt' ? ({ jwt: true } as const) : { config: numberOf(part.text) })),
  });
  const writeSet = (header: HeaderSetting) => ({ action: 'set' as const, ...writeHeader(header) });

  const writeRoute = (route: Route): RouteOptions => ({
    name: route.name,
    policy: policies[route.id] ?? '',
    pass_identity_headers: route.passIdentityHeaders,
    issuer_format: route.issuerFormat,
    carries_unverified: config.originalUser === 'unverified',
    claim_headers: config.claimHeaders,
    set_request_headers: route.setRequestHeaders.filter((header) => !hasJwt(header)).map(writeSet),
    jwt_request_headers: route.setRequestHeaders.filter(hasJwt).map(writeHeader),
    remove_request_headers: route.removeRequestHeaders.map((name) => ({ action: 'remove', name })),
    set_response_headers: route.setResponseHeaders.map(writeSet),
  });
  const routes = Object.fromEntries(config.routes.map((route) => [route.id, writeRoute(route)]));
  return { data: { routes }, headerTexts: [...numbers.keys()] };
}

function hasJwt({ parts }: HeaderSetting): boolean {
  return parts.some(({ kind }) => kind === 'jwt');
}
