import type { Config, HeaderPart, HeaderSetting, Route } from '../config/config.ts';
import { listNamedGroups } from './list-named-groups.ts';

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
  /** The groups that assertions may name; null for all. */
  readonly groups_filter: Readonly<Record<string, true>> | null;
  readonly claim_headers: readonly { readonly name: string; readonly claim: string }[];
  /** Like all lists of actions here, as a decision has them: they depend on no request. */
  readonly set_request_headers: readonly SetAction[];
  /** Those of them that do depend on it. */
  readonly template_request_headers: readonly TemplateHeader[];
  readonly remove_request_headers: readonly { readonly action: 'remove'; readonly name: string }[];
  readonly set_response_headers: readonly SetAction[];
  readonly rewrite_response_headers: readonly RewriteAction[];
}

interface SetAction {
  readonly action: 'set';
  readonly name: string;
  readonly value: readonly TextPart[];
}

interface RewriteAction {
  readonly action: 'rewrite';
  readonly name: string;
  readonly prefix: readonly TextPart[];
  readonly value: readonly TextPart[];
}

interface TemplateHeader {
  readonly name: string;
  readonly value: readonly TemplatePart[];
}

/** A text of the configuration by its number: it may be secret, and no policy needs it. */
interface TextPart {
  readonly config: number;
}

/** What the policy replaces by a part of a decision. */
type TemplatePart =
  | TextPart
  | { readonly jwt: true }
  | { readonly token: string }
  | { readonly request_header: string }
  | { readonly client_certificate: string };

export interface WrittenData {
  readonly data: PolicyData;
  /** By their numbers. */
  readonly headerTexts: readonly string[];
}

/** Writes the options of all routes; `policies` are the packages of their policies, by the routes' ids. */
export function writeData(config: Config, policies: Readonly<Record<string, string>>): WrittenData {
  const numbers = new Map<string, number>();
  const writeText = (text: string): TextPart => {
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return { config: number };
  };
  const writePart = (part: HeaderPart): TemplatePart => {
    switch (part.kind) {
      case 'text':
        return writeText(part.text);
      case 'jwt':
        return { jwt: true };
      case 'token':
        return { token: part.token };
      case 'request_header':
        return { request_header: part.name };
      case 'client_certificate':
        return { client_certificate: part.fact };
    }
  };
  const writeSets = (headers: readonly HeaderSetting[]): SetAction[] =>
    headers.flatMap(({ name, parts }) =>
      parts.every(isText) ? [{ action: 'set', name, value: parts.map(({ text }) => writeText(text)) }] : [],
    );

  const writeRoute = (route: Route): RouteOptions => ({
    name: route.name,
    policy: policies[route.id] ?? '',
    pass_identity_headers: route.passIdentityHeaders,
    issuer_format: route.issuerFormat,
    carries_unverified: config.originalUser === 'unverified',
    claim_headers: config.claimHeaders,
    groups_filter: writeGroupsFilter(route),
    set_request_headers: writeSets(route.setRequestHeaders),
    template_request_headers: route.setRequestHeaders
      .filter(({ parts }) => !parts.every(isText))
      .map(({ name, parts }) => ({ name, value: parts.map(writePart) })),
    remove_request_headers: route.removeRequestHeaders.map((name) => ({ action: 'remove', name })),
    set_response_headers: writeSets(route.setResponseHeaders),
    rewrite_response_headers: route.rewriteResponseHeaders.map(({ name, prefix, value }) => ({
      action: 'rewrite',
      name,
      prefix: [writeText(prefix)],
      value: [writeText(value)],
    })),
  });
  const routes = Object.fromEntries(config.routes.map((route) => [route.id, writeRoute(route)]));
  return { data: { routes }, headerTexts: [...numbers.keys()] };
}

function isText(part: HeaderPart): part is HeaderPart & { readonly kind: 'text' } {
  return part.kind === 'text';
}

function writeGroupsFilter({ groupsFilter, namesGroupsOfPolicy, policy }: Route): RouteOptions['groups_filter'] {
  if (groupsFilter === null && !namesGroupsOfPolicy) return null;
  const groups = [...(groupsFilter ?? []), ...(namesGroupsOfPolicy ? listNamedGroups(policy) : [])];
  return Object.fromEntries(groups.map((group) => [group, true]));
}
