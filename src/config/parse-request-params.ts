import type { Provider } from './config.ts';
import { describe } from './describe.ts';
import type { Kind } from './kinds.ts';
import { quote } from './quote.ts';

/** A sign-in sets these itself, or stands and falls with them. */
const OWN = new Set([
  'client_id',
  'client_secret',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'redirect_uri',
  'request',
  'request_uri',
  'response_mode',
  'response_type',
  'scope',
  'state',
]);

/** Parameters of the authorization request (OpenID Connect Core 1.0, section 3.1.2.1); numbers and booleans are text. */
export const requestParams: Kind<Provider['requestParams']> = {
  type: 'a map from names of parameters to text',
  shape: 'other',
  schema: {
    type: 'object',
    propertyNames: { not: { enum: [...OWN] } },
    additionalProperties: { type: ['string', 'number', 'boolean'] },
  },
  parse(map, { subject, problems }) {
    if (map.kind !== 'map') {
      return problems.error(map.position, `${subject} must be ${requestParams.type}; found ${describe(map, true)}`);
    }
    const params = map.entries.flatMap(({ key, keyPosition, value }) => {
      if (OWN.has(key)) {
        problems.error(keyPosition, `${subject} must not name ${quote(key)}, which the sign-in itself sets`);
      } else if (value.kind !== 'scalar' || value.value === null) {
        problems.error(value.position, `a value of ${subject} must be text; found ${describe(value)}`);
      } else {
        return [[key, String(value.value)] as const];
      }
      return [];
    });
    return params.length === map.entries.length ? Object.fromEntries(params) : undefined;
  },
};
