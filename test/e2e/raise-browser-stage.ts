import { writeFile } from 'node:fs/promises';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { startWebsocketUpstream } from '../proxy/start-websocket-upstream.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { makeCertificate } from '../support/make-certificate.ts';
import { type RunningBehalf, startBehalf } from '../support/start-behalf.ts';
import { OPENID_PEOPLE, type RunningOpenIdProvider, startOpenIdProvider } from '../support/start-openid-provider.ts';
import { type Recorded, startRecorder } from '../support/start-recorder.ts';
import { choose } from './on-page.ts';

export interface BrowserStage extends AsyncDisposable {
  readonly browser: Browser;
  readonly behalf: RunningBehalf;
  readonly provider: RunningOpenIdProvider;
  /** `http://app.localhost:PORT` and the like: two routes for people of companydomain.com, one for everybody. */
  readonly app: string;
  readonly wiki: string;
  readonly open: string;
  /** Where people sign in. */
  readonly authenticate: string;
  /** A WebSocket on App's host that repeats what it is told. */
  readonly socket: string;
  /** Another origin of the same site as App's host: browsers send App's cookies there too. */
  readonly neighbour: string;
  /** What pages broke of their Content-Security-Policy. */
  readonly complaints: readonly string[];
  /** The browser of somebody who has never been here. */
  openContext(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** The same, signed in on a page of App's. */
  openSignedIn(sub: string, path?: string): Promise<BrowserContext & { readonly page: Page }>;
  /** What the upstreams were asked for at a path; by default, all. */
  requests(path?: string): readonly Recorded[];
  /** How often the provider was asked something, as `POST /token`. */
  countAtProvider(request: string): Promise<number>;
  /** Adds to the configuration of the start; resolves when the proxy serves that. */
  reconfigure(settings: object): Promise<void>;
  mendProvider(): Promise<void>;
}

export interface BrowserStageOptions {
  readonly isProviderAway?: boolean;
  readonly isTls?: boolean;
}

/**
 * The real proxy and a real provider, each as a process, for pages of `browser`. The upstream's pages have for their heading
 * who it was told asks for what, `alice (engineering): GET /path`, and say nothing of whether browsers may keep them.
 */
export async function raiseBrowserStage(
  browser: Browser,
  { isProviderAway = false, isTls = false }: BrowserStageOptions = {},
): Promise<BrowserStage> {
  await using stack = new AsyncDisposableStack();
  const port = await freePort();
  const at = (name: string): string => `${isTls ? 'https' : 'http'}://${name}.localhost:${port}`;
  const provider = stack.use(await startOpenIdProvider({ authenticateUrl: at('authenticate') }));
  if (isProviderAway) await provider.stop();

  const upstream = stack.use(
    await startRecorder(({ method, url, headers }, response) => {
      const { 'x-pomerium-claim-sub': sub = 'nobody', 'x-pomerium-claim-groups': groups = '' } = headers;
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html><title>App</title><h1>${sub} (${groups}): ${method} ${url}</h1>${FORM}`);
    }),
  );
  const repeater = stack.use(await startWebsocketUpstream());
  const route = (name: string, more: object) => ({ name, from: at(name), to: upstream.url, ...more });
  const ours = { policy: [{ allow: { or: [{ domain: { is: 'companydomain.com' } }] } }] };
  const config = {
    address: `127.0.0.1:${port}`,
    ...(isTls ? await configureTls() : { insecure_server: true }),
    ...provider.config,
    jwt_claims_headers: ['sub', 'groups'],
    pass_identity_headers: true,
    routes: [
      route('app', { ...ours, name: 'socket', path: '/socket', to: repeater.url, allow_websockets: true }),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the configuration's own
      route('app', { ...ours, set_request_headers: { 'x-id-token': '${pomerium.id_token}' } }),
      route('wiki', ours),
      route('open', { allow_public_unauthenticated_access: true }),
    ],
  };
  const behalf = stack.use(await startBehalf(config));

  const complaints: string[] = [];
  const openContext = async (options: BrowserContextOptions = {}): Promise<BrowserContext> => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
    context.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) complaints.push(message.text());
    });
    return context;
  };
  const countReloads = async (): Promise<number> =>
    (await behalf.logLines()).filter(({ message }) => message === 'reloaded').length;

  const resources = stack.move();
  return {
    ...{ browser, behalf, provider, complaints, openContext },
    ...{ app: at('app'), wiki: at('wiki'), open: at('open'), authenticate: at('authenticate') },
    socket: `${at('app').replace('http', 'ws')}/socket`,
    neighbour: upstream.url.replace('127.0.0.1', 'app.localhost'),
    async openSignedIn(sub, path = '/') {
      const context = await openContext();
      const page = await context.newPage();
      await page.goto(at('app') + path);
      await choose(page, sub);
      await page.waitForURL(at('app') + path);
      return Object.assign(context, { page });
    },
    requests: (path) => upstream.requests.filter(({ url }) => path === undefined || url === path),
    countAtProvider: async (request) => (await provider.requests()).filter((each) => each === request).length,
    async reconfigure(settings) {
      const before = await countReloads();
      await writeFile(behalf.config, JSON.stringify({ state_dir: behalf.stateDir, ...config, ...settings }));
      process.kill(behalf.pid, 'SIGHUP');
      await eventually(async () => expect(await countReloads()).toBe(before + 1));
    },
    async mendProvider() {
      await provider.setTrouble(null);
      await provider.shiftClock(0);
      await provider.setPeople(OPENID_PEOPLE);
      await provider.setLifetimes({ idToken: 3600, accessToken: 3600, refreshToken: 86_400 });
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function configureTls(): Promise<object> {
  const { certificate, key } = await makeCertificate('*.localhost');
  return { certificate, certificate_key: key, insecure_server: false };
}

const FORM = '<form method="post" action="/save"><input name="note" value="kept"><button>Save</button></form>';
