import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StartedProxy, startProxy } from '../proxy/start-proxy.ts';
import { sendRaw } from '../support/send-raw.ts';
import { type Recorder, startRecorder, valuesOf } from '../support/start-recorder.ts';

const OFFICE = '10.0.0.7';
const ATTACKER = '192.0.2.66';

/** A request to a route that lets the office in, and nobody from 192.0.2.0/24. */
const ask = (...lines: string[]) =>
  ['GET / HTTP/1.1', 'Host: office.test', ...lines, 'Connection: close', '', ''].join('\r\n');

const upstream: Recorder = await startRecorder();
const policy = {
  allow: { or: [{ source_ip: ['10.0.0.0/8', '127.0.0.1'] }] },
  deny: { or: [{ source_ip: '192.0.2.0/24' }] },
};
const routes = [{ from: 'http://office.test', to: upstream.url, policy }];
let direct: StartedProxy;
let behind: StartedProxy;
beforeAll(async () => {
  direct = await startProxy({ routes: [{ ...routes[0], policy: { allow: { or: [{ source_ip: '10.0.0.0/8' }] } } }] });
  // The tests play the proxy in front of it, which appends whom it hears.
  behind = await startProxy({ xff_num_trusted_hops: 1, routes });
});
afterAll(async () => {
  await direct[Symbol.asyncDispose]();
  await behind[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

describe('nobody is in the office by their own word', () => {
  const words: Readonly<Record<string, string[]>> = {
    'where no proxy is trusted': [`X-Forwarded-For: ${OFFICE}`],
    'in another header': [`X-Real-IP: ${OFFICE}`, `Forwarded: for=${OFFICE}`, `X-Client-IP: ${OFFICE}`],
    'in another spelling': [`X_Forwarded_For: ${OFFICE}`],
  };
  test.each(Object.entries(words))('%s', async (_, lines) => {
    upstream.requests.length = 0;
    expect(await sendRaw(direct.url, ask(...lines))).toMatch(/^HTTP\/1\.1 403 /);
    expect(upstream.requests).toEqual([]);
  });
});

describe('behind a proxy the client is whom that proxy heard', () => {
  const attacks: Readonly<Record<string, [lines: string[], status: number]>> = {
    'with an address before it': [[`X-Forwarded-For: ${OFFICE}, ${ATTACKER}`], 403],
    'with a line before it': [[`X-Forwarded-For: ${OFFICE}`, `x-forwarded-for: ${ATTACKER}`], 403],
    'with an empty entry behind it': [[`X-Forwarded-For: ${OFFICE}, ${ATTACKER},, `], 403],
    'with its header taken away by Connection': [[`X-Forwarded-For: ${ATTACKER}`, 'Connection: x-forwarded-for'], 403],
    'with IPv4 in the clothes of IPv6': [['X-Forwarded-For: ::ffff:c000:242'], 403],
    'with a zone': [[`X-Forwarded-For: ::ffff:${ATTACKER}%eth0`], 403],
    'with a port': [[`X-Forwarded-For: ${ATTACKER}:80`], 400],
  };
  test.each(Object.entries(attacks))('%s', async (_, [lines, status]) => {
    upstream.requests.length = 0;
    expect(await sendRaw(behind.url, ask(...lines))).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(upstream.requests).toEqual([]);

    const honest = `X-Forwarded-For: ${ATTACKER}, ${OFFICE}`;
    expect(await sendRaw(behind.url, ask(honest))).toMatch(/^HTTP\/1\.1 200 /);
    expect(upstream.requests.map((request) => valuesOf(request, 'x-forwarded-for'))).toEqual([
      [`${OFFICE}, 127.0.0.1`],
    ]);
  });

  test('and so the log has it', async () => {
    behind.takeLines();
    await sendRaw(behind.url, ask(`X-Forwarded-For: ${ATTACKER}`));
    await expect
      .poll(() => behind.takeLines())
      .toEqual([expect.objectContaining({ ip: ATTACKER, reasons: ['source-ip-ok'], status: 403 })]);
  });
});
