import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A case of ../shared/conformance: its README has the format. */
export interface Case {
  readonly id: string;
  readonly input: {
    /** A policy in YAML. */
    readonly ppl?: string;
    /** A policy in JSON. */
    readonly text?: string;
    /** Any data of a criterion. */
    readonly value?: unknown;
    /** The data of a matcher for what the Rego of `rego_body` calls `example`. */
    readonly matcher?: 'string' | 'string_list';
    readonly data?: unknown;
    /** One field of a criterion's data. */
    readonly criterion?: string;
    readonly field?: string;
    readonly value_json?: string;
    readonly identity?: Identity;
    readonly http?: {
      readonly method: string;
      readonly path: string;
      readonly headers: Readonly<Record<string, string | readonly string[]>>;
    };
  };
  readonly expect: {
    readonly allow?: readonly [boolean, readonly string[]];
    readonly deny?: readonly [boolean, readonly string[]];
    readonly error?: true | string;
    readonly error_text?: string;
    readonly error_contains?: string;
    readonly rules?: number;
    readonly ast?: unknown;
    readonly canonical_ppl?: unknown;
    readonly canonical_json?: string;
    readonly rego_body?: string;
  };
}

export interface Identity {
  readonly kind: 'none' | 'session' | 'service_account';
  readonly session_id?: string;
  readonly user_id?: string | null;
  readonly effective_email?: string;
  readonly groups?: readonly string[];
  readonly session_claims?: Readonly<Record<string, unknown>>;
  readonly user_claims?: Readonly<Record<string, unknown>>;
}

const FOLDER = join(import.meta.dirname, '../../../shared/conformance');

/** All cases of these files; null where the folder is not there, which is an error in CI. */
export function readCases(...files: readonly string[]): readonly Case[] | null {
  if (!existsSync(FOLDER)) {
    const message = `${FOLDER} is missing, so nothing is known of conformance`;
    const { CI } = process.env;
    if (CI !== undefined) throw new Error(message);
    console.warn(`\n*** SKIPPED: ${message} ***\n`);
    return null;
  }
  return files.flatMap((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Case[]);
}
