import { describe, expect, test } from 'vitest';
import { BehalfError } from '../../src/errors.ts';
import type { Explanation } from '../../src/explain/explanation.ts';
import { prefersHtml } from '../../src/prefers-html.ts';
import { chooseForm } from '../../src/proxy/choose-form.ts';
import { refusalOfDecision, refusalOfError } from '../../src/proxy/refusal.ts';
import { NOTHING_TOLD, writeRefusal } from '../../src/proxy/write-refusal.ts';
import { configOf } from '../compile/config-of.ts';
import { inputOf } from '../compile/input-of.ts';

const LOOK = configOf({}).branding;

const ACCEPTS: Readonly<Record<string, readonly [accept: string | undefined, html: boolean]>> = {
  'no header': [undefined, false],
  anything: ['*/*', false],
  'a browser that navigates': ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
  JSON: ['application/json', false],
  'JSON before HTML': ['application/json, text/html;q=0.9', false],
  'HTML before JSON': ['application/json;q=0.5, text/html', true],
  'HTML refused': ['text/html;q=0', false],
  'upper case': ['TEXT/HTML', true],
  nonsense: [';;,q=,text/html;q=x', false],
};

describe('prefersHtml', () => {
  test.each(Object.entries(ACCEPTS))('%s', (_, [accept, html]) => {
    expect(prefersHtml(accept)).toBe(html);
  });
});

describe('writeRefusal', () => {
  const refusal = { status: 403, error: 'forbidden', reasons: ['domain-unauthorized', '<script>"\'&'] };

  test('for programs: four members, nothing else', () => {
    const { status, headers, body } = writeRefusal(refusal, 'id', 'json', LOOK);
    expect(status).toBe(403);
    expect(JSON.parse(body)).toEqual({ ...refusal, request_id: 'id' });
    expect(headers).toContainEqual(['content-type', 'application/json']);
  });

  test('for people: words, the codes, the request id; no script, and nothing unescaped', () => {
    const { headers, body } = writeRefusal(refusal, 'id', 'html', LOOK);
    expect(headers).toContainEqual(['content-type', 'text/html; charset=utf-8']);
    expect(body).toContain('Your email address is not of an organisation that may come here.');
    expect(body).toContain('<code>domain-unauthorized</code>');
    expect(body).toContain('&#60;script&#62;&#34;&#39;&#38;');
    expect(body).not.toContain('<script');
  });

  test('for an operator: why, beside the rest and as text', () => {
    const explanation: Explanation = {
      decision: { allow: false, status: 403, reasons: ['<b>'], request_headers: [], response_headers: [] },
      route: { id: 'r0', name: '<App>', position: { file: 'behalf.yaml', line: 3, column: 5 } },
      step: 'not-allowed',
      tree: null,
      changes: { sets: [], limited: false },
    };
    const explained = { explanation, input: inputOf('r0', { request: { path: '/<script>' } }) };
    const json = writeRefusal(refusal, 'id', 'json', LOOK, { ...NOTHING_TOLD, explained });
    expect(JSON.parse(json.body)).toEqual({ ...refusal, request_id: 'id', explanation });
    const { body, headers } = writeRefusal(refusal, 'id', 'html', LOOK, { ...NOTHING_TOLD, explained });
    expect(body).toContain('>GET https://app.example.com/&#60;script&#62;\n');
    expect(body).toContain('  route        &#60;App&#62;  behalf.yaml:3:5\n');
    expect(body).not.toContain('<script');
    for (const [, value] of [headers, json.headers].map(
      (list) => list.find(([name]) => name.endsWith('policy')) ?? [],
    )) {
      expect(value).toMatch(/; sandbox$/);
    }
  });

  test.each(['html', 'json'] as const)('carries the fixed security headers: %s', (form) => {
    const headers = Object.fromEntries(writeRefusal(refusal, 'id', form, LOOK).headers);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringMatching(/^default-src 'none';.* base-uri 'none'/),
    });
  });

  test.each(['html', 'json', 'grpc-web'] as const)(
    'a 401 says how to come in, and what was wrong where a credential came: %s',
    (form) => {
      const authenticate = (error: string) =>
        new Map(writeRefusal({ status: 401, error, reasons: [] }, 'id', form, LOOK).headers).get('www-authenticate');
      expect(authenticate('unauthenticated')).toBe('Bearer realm="behalf"');
      expect(authenticate('credential-invalid')).toBe('Bearer realm="behalf", error="invalid_token"');
    },
  );
});

describe('writeRefusal for gRPC', () => {
  test.each([
    [400, '13'],
    [401, '16'],
    [403, '7'],
    [404, '12'],
    [431, '2'],
    [503, '14'],
  ])('%d is %s, in headers', (status, code) => {
    const answer = writeRefusal({ status, error: 'forbidden', reasons: ['domain-unauthorized'] }, 'id', 'grpc', LOOK);
    expect(answer).toMatchObject({ status, body: '' });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/grpc+json',
      'grpc-status': code,
      'grpc-message': 'forbidden',
    });
  });
});

describe('chooseForm', () => {
  test.each([
    ['application/grpc', undefined, 'grpc'],
    ['application/grpc+proto', 'text/html', 'grpc'],
    ['Application/gRPC-Web-Text+proto', undefined, 'grpc-web'],
    ['application/x-www-form-urlencoded', 'text/html', 'html'],
    ['application/json', '*/*', 'json'],
    [undefined, undefined, 'json'],
  ])('a message of %s, with Accept %s: %s', (type, accept, form) => {
    expect(chooseForm({ 'content-type': type, accept })).toBe(form);
  });
});

describe('refusalOfDecision', () => {
  const decision = (allow: boolean, status: number) => ({
    allow,
    status,
    reasons: ['r'],
    request_headers: [],
    response_headers: [],
  });

  test.each([
    [401, 'unauthenticated'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [495, 'client-certificate'],
  ])('%i is %s', (status, error) => {
    expect(refusalOfDecision(decision(false, status))).toEqual({ status, error, reasons: ['r'] });
  });

  test.each([
    [true, 200],
    [true, 403],
    [false, 200],
  ])('allow %s with %i is not a refusal', (allow, status) => {
    expect(() => refusalOfDecision(decision(allow, status))).toThrow(
      expect.objectContaining({ code: 'ERR_ENGINE_DECISION' }),
    );
  });
});

describe('refusalOfError', () => {
  test('gives code, status and reason; hides the message', () => {
    expect(refusalOfError(new BehalfError('ERR_CREDENTIAL_INVALID', 'secret', { reason: 'expired' }))).toEqual({
      status: 401,
      error: 'credential-invalid',
      reasons: ['expired'],
    });
  });

  test('no decision is 503', () => {
    expect(refusalOfError(new BehalfError('ERR_ENGINE_FAILED', 'x'))?.status).toBe(503);
  });

  test('an error of nobody’s making is 500, and says nothing', () => {
    expect(refusalOfError(new TypeError('x'))).toEqual({ status: 500, error: 'internal', reasons: [] });
    expect(refusalOfError('thrown')).toEqual({ status: 500, error: 'internal', reasons: [] });
  });

  test('a client that is gone is told nothing', () => {
    expect(refusalOfError(new BehalfError('ERR_CLIENT_GONE', 'x'))).toBeNull();
  });
});
