import type { Caller } from '../engine/documents.ts';

/** A person, as the identity provider described them when they signed in or at the last refresh. */
export interface Person {
  /** The provider's `sub`. */
  readonly id: string;
  /** "" for none. */
  readonly email: string;
  /** "" for none. */
  readonly name: string;
  readonly groups: readonly string[];
  /** Flat and dotted, values in lists, as input documents have them. */
  readonly claims: Caller['claims'];
}

/** What the provider gave for a session. Never leaves the process but sealed, or in a header that the configuration asks for. */
export interface ProviderTokens {
  readonly idToken: string;
  readonly accessToken: string | null;
  readonly refreshToken: string | null;
  /** Seconds since 1970: when the later of ID token and access token ends. */
  readonly expiresAt: number;
}

/** Times in seconds since 1970. */
export interface Session {
  /** "session-" and 22 characters: public, in assertions and lists; no credential. */
  readonly sid: string;
  readonly person: Person;
  /** The provider's own `sid`, for back-channel logout. */
  readonly providerSid: string | null;
  /** Null for a session that no provider gave (people of development). */
  readonly tokens: ProviderTokens | null;
  readonly createdAt: number;
  /** `cookie_expire` after `createdAt`, or earlier, where tokens end and cannot be refreshed. */
  readonly endsAt: number;
}

export type NewSession = Pick<Session, 'person' | 'providerSid' | 'tokens'>;

/** Which sessions: the one of a sid, those of a person (id, or email where there is an "@" in it), those of a provider's sid. */
export type SessionSelection =
  | { readonly sid: string }
  | { readonly user: string }
  | { readonly personId: string }
  | { readonly providerSid: string };

/** What is said once, by whoever says it. */
export interface Notice {
  /** Of all that the issuer says. */
  readonly id: string;
  /** Seconds since 1970: until when it must be remembered. */
  readonly endsAt: number;
}

export interface SessionLine extends Omit<Session, 'tokens'> {
  /** Null while it lives. */
  readonly endedAt: number | null;
}

/** Every method throws ERR_STATE_UNUSABLE where the store cannot be read: that is never taken for "nobody". */
export interface Sessions extends Disposable {
  /** Makes a session; gives its secret locator, of which the store keeps a hash alone. */
  create(session: NewSession): { readonly session: Session; readonly locator: string };
  /** The value of the session cookie for a host name (lower-case, no port). */
  writeCookie(locator: string, host: string): string;
  /** The locator in a cookie's value, where it was made for this host; null for everything else. Costs no look-up. */
  readCookie(value: string, host: string): string | null;
  /** The session that lives, refreshed where that is due; null where there is none. Resolves within 5 s. */
  find(locator: string): Promise<Session | null>;
  /** The same by its sid, for tokens of programs. */
  findBySid(sid: string): Promise<Session | null>;
  /** Whether a session has not ended; begins its refresh where that is due. Null for a sid that is none of ours by its form. */
  isLive(sid: string): boolean | null;
  /** Ends sessions at once, on all hosts and in other processes; gives the sids of those that lived. */
  end(selection: SessionSelection): readonly string[];
  /** The same on the provider's notice, which is heard once in all processes; null where it was heard before. */
  endOnce(selection: SessionSelection, notice: Notice): readonly string[] | null;
  /** All that live, and those that ended while their record stays. */
  list(): readonly SessionLine[];
  /** A ticket for one use within `seconds`: give it away sealed. */
  addTicket(seconds: number): string;
  /** Takes it, once in all processes; false where it is used, too old or unknown. */
  takeTicket(ticket: string): boolean;
}
