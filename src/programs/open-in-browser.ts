import { spawn } from 'node:child_process';

const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Opens a page in the user's browser, where there is one: nobody is told of none. */
export function openInBrowser({ href }: URL): void {
  const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const opener = spawn(program, [...args, href], { stdio: 'ignore', detached: true });
  opener.on('error', () => undefined);
  opener.unref();
}
