import type { OpenIdPerson } from './create-openid-provider.ts';

/** What docs/scenario.yaml says, for those who play in it. */

/** In the order of the chain: each asks the next. */
export const SERVICES = ['App', 'API', 'API2'] as const;
export type ServiceName = (typeof SERVICES)[number];

export interface Service {
  readonly host: string;
  /** Whose users a -For may name here. */
  readonly actsForUsersOf: readonly string[];
  /** What it asks, and the service account with which it may. */
  readonly next: { readonly name: ServiceName; readonly account: string } | null;
}

export const SERVICE: Readonly<Record<ServiceName, Service>> = {
  App: { host: 'app.localhost', actsForUsersOf: [], next: { name: 'API', account: 'api-access' } },
  API: { host: 'api.localhost', actsForUsersOf: ['app.localhost'], next: { name: 'API2', account: 'api2-access' } },
  API2: { host: 'api2.localhost', actsForUsersOf: ['app.localhost'], next: null },
};

export const CLIENT_ID = 'behalf';

export const PEOPLE = {
  alice: { sub: 'alice', email: 'alice@companydomain.com', name: 'Alice', groups: ['engineering'] },
  bob: { sub: 'bob', email: 'bob@companydomain.com', name: 'Bob', groups: ['sales'] },
  eve: { sub: 'eve', email: 'eve@elsewhere.example', name: 'Eve', groups: [] },
} as const satisfies Readonly<Record<string, OpenIdPerson>>;
export type PersonName = keyof typeof PEOPLE;
