import { describe, expect, test } from 'vitest';
import { strikeStage } from './play-attacks.ts';
import { ask, raiseStage } from './raise-stage.ts';

const stage = await raiseStage();

/** What a request for a route that redirects says, and where it is led: never to another host. */
const LURES: Readonly<Record<string, readonly [request: string, location: string | null]>> = {
  'an honest one': [ask('moved', 'GET /old/a?b=c'), 'https://moved.localhost/a?b=c'],
  'a host behind the prefix': [ask('moved', 'GET /old//evil.test/a'), 'https://moved.localhost/evil.test/a'],
  'a backslash': [ask('moved', 'GET /old/\\evil.test'), null],
  'a user before the host': [ask('moved', 'GET /old/@evil.test'), 'https://moved.localhost/@evil.test'],
  'a host that is glued to the prefix': [ask('moved', 'GET /old.evil.test'), null],
  'a new line': [ask('moved', 'GET /old/%0d%0aLocation:%20https://evil.test'), null],
  'another host in X-Forwarded-Host': [
    ask('moved', 'GET /old/a', 'X-Forwarded-Host: evil.test', 'Forwarded: host=evil.test'),
    'https://moved.localhost/a',
  ],
  'a host in the query': [
    ask('moved', 'GET /old/?to=https://evil.test'),
    'https://moved.localhost/?to=https://evil.test',
  ],
};

describe('redirects that lead elsewhere', () => {
  test.each(Object.entries(LURES))('%s', async (_, [request, location]) => {
    const [answer] = await stage.send(request);
    expect(/^location: (.*)\r$/im.exec(`${answer?.head}\r`)?.[1] ?? null).toBe(location);
    expect(answer?.status).toBe(location === null ? 400 : 301);
  });
});

strikeStage(stage);
