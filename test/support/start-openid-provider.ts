import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  OpenIdLifetimes,
  OpenIdPerson,
  OpenIdProviderOptions,
  OpenIdRegistration,
} from '../../src/demo/create-openid-provider.ts';
import { PEOPLE } from '../../src/demo/scenario.ts';
import { startProcess } from '../../src/demo/start-process.ts';
import { freePort } from './free-port.ts';

/** What a provider does to requests: for all of them, or those for these paths, as `/token`. */
export interface Trouble {
  /** `hang`: no answer; `fail`: 503; `cut`: the connection ends. */
  readonly kind: 'hang' | 'fail' | 'cut';
  readonly paths?: readonly string[];
}

export interface OpenIdProviderControl {
  /** Every request so far, as `POST /token`, also those that it did not answer. */
  requests(): Promise<readonly string[]>;
  /** Null ends it; what hangs then hangs on. */
  setTrouble(trouble: Trouble | null): Promise<void>;
  /** From now on: a person who is gone can neither sign in nor refresh. */
  setPeople(people: readonly OpenIdPerson[]): Promise<void>;
  /** Of what it issues from now on. */
  setLifetimes(lifetimes: Partial<OpenIdLifetimes>): Promise<void>;
  /** Signs a person out there, who is told by back-channel. Rejects where the client does not take that. */
  signOut(sub: string): Promise<void>;
  /** Its clock is so many seconds ahead of the real one. */
  shiftClock(seconds: number): Promise<void>;
  /** Nothing listens any more; it forgets nothing. */
  stop(): Promise<void>;
  /** Listens again, on the same port. */
  start(): Promise<void>;
}

export interface RunningOpenIdProvider extends OpenIdProviderControl, AsyncDisposable {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The keys of a configuration that signs in here. */
  readonly config: Readonly<Record<string, string>>;
}

export interface StartOptions extends Partial<Omit<OpenIdProviderOptions, 'issuer' | 'clients'>> {
  /** Behalf's `authenticate_service_url`. */
  readonly authenticateUrl: string;
  /** Beside Behalf. */
  readonly otherClients?: readonly OpenIdRegistration[];
}

export const OPENID_PEOPLE: readonly OpenIdPerson[] = Object.values(PEOPLE);

const clientId = 'behalf';
const clientSecret = 'the-secret-of-behalf-at-its-provider';

/** A real oidc-provider on loopback, as a process of its own. */
export async function startOpenIdProvider({
  authenticateUrl,
  otherClients = [],
  people = OPENID_PEOPLE,
  ...options
}: StartOptions): Promise<RunningOpenIdProvider> {
  const folder = await mkdtemp(join(tmpdir(), 'behalf-openid-'));
  const clients = [{ clientId, clientSecret, authenticateUrl }, ...otherClients];
  const program = join(import.meta.dirname, 'openid-provider-process.ts');
  const child = startProcess({
    name: 'the OpenID provider',
    command: [process.execPath, program, JSON.stringify({ ...options, people, clients, port: await freePort() })],
    log: join(folder, 'stderr.log'),
  });
  const end = async (): Promise<void> => {
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  };

  // One question at a time: an answer does not say to which.
  let last: Promise<unknown> = Promise.resolve();
  const ask = <T>(name: keyof OpenIdProviderControl, ...args: unknown[]): Promise<T> => {
    const asked = last.then(async () => {
      const answer = (await child.ask(JSON.stringify([name, ...args]))) as { value?: T; error?: string };
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.value as T;
    });
    last = asked.catch(() => {});
    return asked;
  };

  try {
    const issuer = await child.ready;
    return {
      issuer,
      clientId,
      clientSecret,
      config: {
        idp_provider: 'oidc',
        idp_provider_url: issuer,
        idp_client_id: clientId,
        idp_client_secret: clientSecret,
        authenticate_service_url: authenticateUrl,
      },
      requests: () => ask('requests'),
      setTrouble: (trouble) => ask('setTrouble', trouble),
      setPeople: (changed) => ask('setPeople', changed),
      setLifetimes: (lifetimes) => ask('setLifetimes', lifetimes),
      signOut: (sub) => ask('signOut', sub),
      shiftClock: (seconds) => ask('shiftClock', seconds),
      stop: () => ask('stop'),
      start: () => ask('start'),
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}
