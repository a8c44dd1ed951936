import { SERVICE } from './scenario.ts';
import type { Stage } from './stage.ts';

/** What a reader can send now, as lines for a shell that work as they stand. */
export function writeInvitation({ proxy, folder }: Pick<Stage, 'proxy' | 'folder'>): string[] {
  const curl = (host: string, ...headers: string[]): string[] =>
    [`  curl ${proxy} -H 'Host: ${host}'`, ...headers.map((header) => `    -H "${header}"`)].join(' \\\n').split('\n');
  const token = (name: string): string => `$(cat ${folder}/${name}.token)`;
  return [
    'alice asks App, and its answer holds those of API and API2:',
    ...curl(SERVICE.App.host, `Authorization: Bearer ${token('alice')}`),
    '',
    'eve is refused:',
    ...curl(SERVICE.App.host, `Authorization: Bearer ${token('eve')}`),
    '',
    'App claims to ask for somebody, with a -For of its own making:',
    ...curl(
      SERVICE.API.host,
      `Authorization: Pomerium ${token('app')}`,
      'X-Pomerium-Jwt-Assertion-For: e30.e30.c2lnbmVk',
    ),
    '',
  ];
}
