import type { KeyObject } from 'node:crypto';
import type { Sighting } from './create-upstream.ts';
import type { Visitor } from './open-visitor.ts';
import type { PersonName, ServiceName } from './scenario.ts';

/** All that is up when the walk begins. */
export interface Stage {
  readonly proxy: string;
  /** Nobody has signed in yet. */
  readonly visitors: Readonly<Record<PersonName, Visitor>>;
  /** Where browsers find it. */
  readonly urls: Readonly<Record<ServiceName, string>>;
  /** App's own. */
  readonly serviceAccountToken: string;
  /** The key with which the proxy signs. */
  readonly signingKey: KeyObject;
  /** What reached each service since this was last asked. */
  takeSightings(): Promise<Sightings>;
  /** Makes a further token of App's service account. */
  createServiceAccountToken(): Promise<string>;
  revokeServiceAccountToken(token: string): Promise<void>;
  /** Where the configuration is. */
  readonly folder: string;
  /** Rejects as soon as one of the processes ends by itself. */
  readonly died: Promise<never>;
}

export type Sightings = Readonly<Record<ServiceName, readonly Sighting[]>>;
