import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBehalf } from '../support/run-behalf.ts';
import { readRego } from './read-rego.ts';

const POLICY = join(import.meta.dirname, '../../policy');

interface Annotated {
  readonly path: readonly { readonly value: string }[];
  readonly annotations: {
    readonly title?: string;
    readonly description?: string;
    readonly custom?: { readonly reasons?: Readonly<Record<string, { readonly code: string; readonly text: string }>> };
  };
}

async function readAnnotations(): Promise<readonly Annotated[]> {
  const { stdout } = await runBehalf(['opa', 'inspect', '--annotations', '--format', 'json', POLICY]);
  return JSON.parse(stdout).annotations;
}

/** The rules of the library that others may use, as `package.rule`. */
async function findPublicRules(): Promise<Set<string>> {
  const library = Object.entries(await readRego(POLICY)).filter(([path]) => !path.endsWith('_test.rego'));
  return new Set(
    library.flatMap(([, text]) => {
      const path = /^package (\S+)/m.exec(text)?.[1];
      const rules = text.matchAll(/^(?!package |import |default _)(?:default )?([a-z]\w*)/gm);
      return [...rules].map(([, rule]) => `data.${path}.${rule}`);
    }),
  );
}

// The reference of the policy language is made of these.
test('every public rule has a title and a description', async () => {
  const complete = (await readAnnotations())
    .filter(({ annotations }) => annotations.title !== undefined && annotations.description !== undefined)
    .map(({ path }) => path.map(({ value }) => value).join('.'));

  const rules = await findPublicRules();
  expect(rules).toContain('data.behalf.main.decision');
  expect(rules.difference(new Set(complete))).toEqual(new Set());
});

test('every reason is written once, as a code and a sentence', async () => {
  const reasons = (await readAnnotations()).flatMap(({ annotations }) =>
    Object.values(annotations.custom?.reasons ?? {}),
  );

  const codes = reasons.map(({ code }) => code);
  expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
  expect(reasons).toEqual(
    reasons.map(() => ({
      code: expect.stringMatching(/^[a-z0-9-]{1,64}$/),
      text: expect.stringMatching(/^[A-Z].*\.$/),
    })),
  );
  expect(codes.sort()).toEqual([
    'accept',
    'claim-ok',
    'claim-unauthorized',
    'client-certificate-required',
    'cors-request',
    'domain-ok',
    'domain-unauthorized',
    'email-ok',
    'email-unauthorized',
    'groups-ok',
    'groups-unauthorized',
    'http-method-ok',
    'http-method-unauthorized',
    'http-path-ok',
    'http-path-unauthorized',
    'invalid-client-certificate',
    'non-cors-request',
    'original-user-invalid',
    'original-user-missing',
    'original-user-ok',
    'original-user-unauthorized',
    'reject',
    'route-not-found',
    'user-ok',
    'user-unauthenticated',
    'user-unauthorized',
    'valid-client-certificate',
  ]);
});
