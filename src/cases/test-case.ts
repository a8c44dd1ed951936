import type { Position } from '../errors.ts';
import type { Imagined } from './imagine-request.ts';

/** A case of a file, `cases: {NAME: ...}`. */
export interface TestCase {
  readonly name: string;
  readonly position: Position;
  readonly imagined: Imagined;
  /** As in `GET https://app.example.com/a as alice for bob`. */
  readonly request: string;
  readonly expected: Expectation;
  /** Why it is not run; null where it is. */
  readonly skip: string | null;
}

/** What of an outcome has to be as it says; of what is not there, nothing is asked. */
export interface Expectation {
  readonly allow?: Expected<boolean>;
  readonly status?: Expected<number>;
  /** The name of the route that has to take the request. */
  readonly route?: Expected<string>;
  /** All of them, in any order. */
  readonly reasons?: Expected<readonly string[]>;
  /** By name, in any case. */
  readonly request_headers?: Expected<ExpectedHeaders>;
  readonly response_headers?: Expected<ExpectedHeaders>;
}

export interface Expected<T> {
  readonly value: T;
  readonly position: Position;
}

export type ExpectedHeaders = Readonly<Record<string, Expected<ExpectedHeader>>>;

/** A value; claims that the assertion in it has to have; or null where there is to be no such header. */
export type ExpectedHeader = string | Readonly<Record<string, unknown>> | null;
