import { PEOPLE, SERVICE } from './scenario.ts';
import type { Stage } from './stage.ts';

/** What a reader can do now; what is for a shell works as it stands. */
export function writeInvitation({ proxy, urls, folder }: Pick<Stage, 'proxy' | 'urls' | 'folder'>): string[] {
  const curl = (host: string, ...headers: string[]): string[] =>
    [`  curl ${proxy} -H 'Host: ${host}'`, ...headers.map((header) => `    -H ${header}`)].join(' \\\n').split('\n');
  const { alice, bob, eve } = PEOPLE;
  return [
    'Open this in a browser, and choose who you are:',
    `  ${urls.App}`,
    `${alice.name} and ${bob.name} see what App, API and API2 learn; ${eve.name} is refused.`,
    '',
    'The same in a shell, with the session of alice:',
    ...curl(SERVICE.App.host, `@${folder}/alice.header`),
    '',
    'and of eve, who is refused:',
    ...curl(SERVICE.App.host, `@${folder}/eve.header`),
    '',
    'App claims to ask for somebody, with a -For of its own making:',
    ...curl(SERVICE.API.host, `@${folder}/app.header`, "'X-Pomerium-Jwt-Assertion-For: e30.e30.c2lnbmVk'"),
    '',
  ];
}
