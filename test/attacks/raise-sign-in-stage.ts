import type { IncomingMessage, ServerResponse } from 'node:http';
import { freePort } from '../support/free-port.ts';
import { SHARED_SECRET } from '../support/lend-policies.ts';
import { type JarBrowser, openJarBrowser, type Visited } from '../support/open-jar-browser.ts';
import { type RunningBehalf, startBehalf } from '../support/start-behalf.ts';
import { type RunningOpenIdProvider, startOpenIdProvider } from '../support/start-openid-provider.ts';
import { type Recorder, startRecorder, valuesOf } from '../support/start-recorder.ts';

/** The name of the cookie that is worth stealing. */
export const SESSION_COOKIE = '__Host-_pomerium';

export interface SignInStage extends AsyncDisposable {
  readonly behalf: RunningBehalf;
  readonly provider: RunningOpenIdProvider;
  /** `http://app.localhost:PORT` and the like: two routes for anybody of companydomain.com, and where people sign in. */
  readonly app: string;
  readonly wiki: string;
  readonly authenticate: string;
  readonly recorder: Recorder;
  /** Of somebody who has never been here. */
  openBrowser(): JarBrowser;
  /** `alice` where the answer is the upstream's, and it was told that alice asks; else the answer's status. */
  describe(visited: Visited): string;
}

/** The real proxy and a real provider, each as a process. */
export async function raiseSignInStage(settings: object = {}): Promise<SignInStage> {
  await using stack = new AsyncDisposableStack();
  const port = await freePort();
  const at = (name: string): string => `http://${name}.localhost:${port}`;
  const provider = stack.use(await startOpenIdProvider({ authenticateUrl: at('authenticate') }));
  const recorder = stack.use(await startRecorder(answer));
  const behalf = stack.use(
    await startBehalf({
      address: `127.0.0.1:${port}`,
      shared_secret: SHARED_SECRET,
      ...provider.config,
      jwt_claims_headers: ['sub'],
      pass_identity_headers: true,
      ...settings,
      routes: ['app', 'wiki'].map((name) => ({
        name,
        from: `http://${name}.localhost`,
        to: recorder.url,
        policy: [{ allow: { or: [{ domain: { is: 'companydomain.com' } }] } }],
      })),
    }),
  );
  const resources = stack.move();
  return {
    behalf,
    provider,
    app: at('app'),
    wiki: at('wiki'),
    authenticate: at('authenticate'),
    recorder,
    openBrowser: () => openJarBrowser(port),
    describe({ status, body }) {
      const last = recorder.requests.at(-1);
      if (status !== 200 || body !== 'recorded' || last === undefined) return String(status);
      return valuesOf(last, 'x-pomerium-claim-sub').join();
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** `/events` goes on and on, `/poll` waits for ever; anything else is recorded. */
function answer({ url }: IncomingMessage, response: ServerResponse): void {
  if (url === '/events') {
    const ticks = setInterval(() => response.write('data: tick\n\n'), 100);
    response.once('close', () => clearInterval(ticks));
  } else if (url !== '/poll') {
    response.end('recorded');
  }
}
