import type { Route } from './config.ts';
import { type Kind, privateText, type Refuse } from './kinds.ts';
import { parseRewrite } from './parse-path.ts';
import { parseUrl, WEB_URL } from './parse-url.ts';

const upstream = privateText('a URL such as http://127.0.0.1:8080', parseUpstream, WEB_URL);

/** The upstreams of a route: a URL or a list of URLs, of one path, since a route has one rewrite. */
export const upstreams: Kind<Route['to']> = {
  type: `${upstream.type}, or a list of such URLs`,
  shape: 'other',
  schema: { anyOf: [upstream.schema, { type: 'array', items: upstream.schema, minItems: 1 }] },
  parse(value, context) {
    const { subject, problems } = context;
    const urls: URL[] = [];
    for (const item of value.kind === 'list' ? value.items : [value]) {
      const url = upstream.parse(item, context);
      if (url === undefined) continue;
      urls.push(url);
      if (url.pathname !== urls[0]?.pathname)
        problems.error(item.position, `${subject} must have one path in all URLs`);
    }
    const [first, ...others] = urls;
    if (first !== undefined) return [first, ...others];
    const isEmpty = value.kind === 'list' && value.items.length === 0;
    return isEmpty ? problems.error(value.position, `${subject} must have at least one URL`) : undefined;
  },
};

function parseUpstream(text: string, refuse: Refuse): URL | undefined {
  if (/,\d+$/.test(text)) return refuse('must be without a weight: Behalf has no weights yet');
  const url = parseUrl(text, refuse);
  const path = url && parseRewrite(url.pathname, () => refuse('must have a path in canonical encoding'));
  return path === undefined ? undefined : url;
}
