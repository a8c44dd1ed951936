import { afterAll, describe, expect, test } from 'vitest';
import { sendRaw } from '../support/send-raw.ts';
import { startBehalf } from '../support/start-behalf.ts';
import { startRecorder } from '../support/start-recorder.ts';
import { ask } from './raise-stage.ts';
import { describeAnswer, readAnswers } from './read-answers.ts';

const recorder = await startRecorder();
/** A policy whose author trusts what a client sends: the name, the value and the outcome are the client's. */
const TRUSTING = `
from_client(name) := input.request.headers[name][0]

allow := true

deny := [true, [from_client("x-why")]]

request_headers := [{"action": from_client("x-action"), "name": from_client("x-name"), "value": from_client("x-value")}]

response_headers contains {"action": "set", "name": from_client("x-answer"), "value": "v"}
`;
/** One that combines what the library says of a client's matcher with what the client says itself. */
const COMBINING = `
import data.behalf.criteria
import data.behalf.logic

from_client(name) := json.unmarshal(input.request.headers[name][0])

allow := logic.all_of([criteria.http_path(from_client("x-matcher")), from_client("x-on-call")])

deny := logic.any_of([criteria.reject, from_client("x-frozen")])
`;
/** One that denies by a list in which what should be text may be none. */
const BANNING = `
import data.behalf.criteria

banned := json.unmarshal(input.request.headers["x-banned"][0])

allow := true

deny := criteria.http_path(banned) if is_object(banned)

deny := criteria.groups(banned) if is_number(banned)
`;
const behalf = await startBehalf({
  jwt_claims_headers: { 'X-Mail': 'email' },
  routes: [
    { from: 'http://app.localhost', to: recorder.url, policy: [{ rego: TRUSTING }] },
    { from: 'http://api.localhost', to: recorder.url, policy: [{ rego: COMBINING }] },
    { from: 'http://api2.localhost', to: recorder.url, policy: [{ rego: BANNING }] },
  ],
});
afterAll(async () => {
  await behalf[Symbol.asyncDispose]();
  await recorder[Symbol.asyncDispose]();
});

async function exchange(host: 'app' | 'api' | 'api2', headers: readonly string[]) {
  recorder.requests.length = 0;
  const [answer] = readAnswers(await sendRaw(behalf.url, ask(host, 'GET /', ...headers)));
  if (answer === undefined) throw new Error('no answer');
  const { rawHeaders = [] } = recorder.requests[0] ?? {};
  const team = rawHeaders.indexOf('x-team');
  return { answer: describeAnswer(answer).slice(0, 3), reached: recorder.requests.length, team: rawHeaders[team + 1] };
}

const set = (name: string, value = 'blue') => ['X-Action: set', `X-Name: ${name}`, `X-Value: ${value}`];
/** Nothing reaches the upstream. */
const REFUSED = { answer: '503', reached: 0, team: undefined };

/** Headers of a client who would get past; each stands beside the honest request that passes. */
const ATTACKS: Readonly<Record<string, readonly string[]>> = {
  'states a caller': set('x-pomerium-jwt-assertion', 'e30.e30.e30'),
  'states an original user, otherwise spelled': set('X_Pomerium_Jwt-Assertion.For', 'e30.e30.e30'),
  "sets a claim's header": set('x-mail', 'boss@companydomain.com'),
  'takes the framing': set('content-length', '0'),
  signs: ['X-Action: sign', 'X-Name: x-team', 'X-Value: v'],
  'is forwarded for somebody else': set('X-Forwarded-For', '10.0.0.1'),
  'writes an assertion into the answer': [...set('x-team'), 'X-Answer: x-pomerium-jwt-assertion'],
  'gives a reason that is none': [...set('x-team'), 'X-Why: A reason'],
};

describe('a policy that trusts its client', () => {
  test.each(Object.entries(ATTACKS))('%s', async (_, headers) => {
    expect(await exchange('app', headers)).toEqual(REFUSED);
    expect(await exchange('app', set('X-Team'))).toEqual({ answer: '200', reached: 1, team: 'blue' });
  });
});

const say = (matcher: string, onCall: string, frozen: string) => [
  `X-Matcher: ${matcher}`,
  `X-On-Call: ${onCall}`,
  `X-Frozen: ${frozen}`,
];

const COMBINED: Readonly<Record<string, readonly [answer: string, matcher: string, onCall: string, frozen: string]>> = {
  'is not on call': ['403', '"/"', 'false', 'false'],
  'is on call in its own way': ['503', '"/"', '{"value": 1, "reasons": []}', 'false'],
  'gives nothing for a yes': ['503', '"/"', 'null', 'false'],
  'matches with nothing': ['503', '{}', 'true', 'false'],
  'matches with an operator that is none': ['503', '{"not": "/x", "matches": ""}', 'true', 'false'],
  'matches with what is no text': ['503', '{"not": 5}', 'true', 'false'],
  'is not in a list of what is no text': ['503', '{"not_in": ["/x", null]}', 'true', 'false'],
  'is frozen': ['403', '"/"', 'true', '[true, ["frozen"]]'],
  'is frozen in its own way': ['503', '"/"', 'true', '{"frozen": true}'],
  'is not frozen, with a reason that is none': ['503', '"/"', 'true', '[false, ["A reason"]]'],
};

describe('a policy that combines what its client says', () => {
  test.each(Object.entries(COMBINED))('%s', async (_, [answer, ...said]) => {
    expect(await exchange('api', say(...said))).toMatchObject({ answer, reached: 0 });
    expect(await exchange('api', say('"/"', 'true', 'false'))).toMatchObject({ answer: '200', reached: 1 });
  });
});

/** No deny is passed because what it compares with is none of what it compares. */
const BANNED: Readonly<Record<string, readonly [answer: string, banned: string]>> = {
  'is banned': ['403', '{"in": ["/x", "/"]}'],
  'is banned by a number': ['503', '{"is": 5}'],
  'is banned among numbers': ['503', '{"in": [5, 6]}'],
  'is banned beside null': ['503', '{"in": ["/x", null]}'],
  'is banned but for a boolean': ['503', '{"not": true, "starts_with": "/x"}'],
  'is of a group that is a number': ['503', '5'],
};

describe('a policy that denies by what is no text', () => {
  test.each(Object.entries(BANNED))('%s', async (_, [answer, banned]) => {
    expect(await exchange('api2', [`X-Banned: ${banned}`])).toMatchObject({ answer, reached: 0 });
    expect(await exchange('api2', ['X-Banned: {"in": ["/x", "5"]}'])).toMatchObject({ answer: '200', reached: 1 });
  });
});
