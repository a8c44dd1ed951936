import type { Config } from './config/config.ts';
import type { Developed } from './dev-users/open-development.ts';
import { deriveKey } from './identity/derive-key.ts';
import type { Log } from './log.ts';
import { openOpenIdClient } from './openid/open-openid-client.ts';
import { openPrograms } from './programs/open-programs.ts';
import { verifyProgramToken } from './programs/verify-program-token.ts';
import type { Browsers } from './proxy/build-proxy-parts.ts';
import { openSessions } from './session/open-sessions.ts';
import { openSignIn } from './sign-in/open-sign-in.ts';

/**
 * Everything that lets people sign in with a browser, by one configuration. Where it names no provider, or no place where
 * to sign in, nobody does, and no session of before lives. Throws ERR_STATE_UNUSABLE.
 *
 * @param sharedSecret 32 bytes
 * @param developed who is chosen in place of a provider's people; null where there is a provider
 */
export function openBrowsers(
  config: Config,
  sharedSecret: Uint8Array,
  servesHost: (host: string) => boolean,
  log: Log,
  developed: Developed | null = null,
): Browsers {
  const { provider, stateDir, session: settings, clockSkewSeconds } = config;
  const authenticateServiceUrl = (provider ?? developed) && config.authenticateServiceUrl;
  const issuer = authenticateServiceUrl && (developed?.issuer ?? provider?.issuer ?? null);
  using opening = new DisposableStack();
  const openId =
    authenticateServiceUrl && provider && opening.use(openOpenIdClient({ provider, clockSkewSeconds, log }));
  const sessions = opening.use(openSessions({ stateDir, sharedSecret, settings, issuer, openId, log }));
  const signIn = openSignIn({
    ...config,
    authenticateServiceUrl,
    openId,
    chooser: developed?.chooser ?? null,
    sessions,
    sharedSecret,
    programs:
      authenticateServiceUrl &&
      openPrograms({ ...config, authenticateServiceUrl, sessions, sharedSecret, log, servesHost }),
    log,
    servesHost,
  });
  const opened = opening.move();
  const programKey = deriveKey(sharedSecret, 'program');
  return {
    sessions,
    signIn,
    verifyProgramToken: (token, host) => verifyProgramToken(token, host, programKey),
    isDevelopment: developed !== null,
    [Symbol.dispose]: () => opened.dispose(),
  };
}
