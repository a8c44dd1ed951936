import { BehalfError } from '../errors.ts';
import { checkHeaderFile } from '../programs/check-header-file.ts';
import { logIn } from '../programs/log-in.ts';
import { openInBrowser } from '../programs/open-in-browser.ts';
import { parseSite } from '../programs/parse-site.ts';
import { writeHeaderFile } from '../programs/write-header-file.ts';
import { trustSystemAuthorities } from '../proxy/trust-system-authorities.ts';
import { parseOptions } from './parse-options.ts';

/** For whoever has to find their second factor first; the proxy itself gives them ten minutes. */
const WAIT_MS = 300_000;

export async function login(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(
    args,
    { print: { type: 'boolean' }, 'header-file': { type: 'string' } },
    1,
  );
  const [text] = positionals;
  if (text === undefined) throw new BehalfError('ERR_USAGE', 'the URL of the site is missing');
  const site = parseSite(text);
  if (site === null)
    throw new BehalfError('ERR_USAGE', `${JSON.stringify(text)} is no https: URL, nor http: on loopback`);
  const file = values['header-file'];
  if (values.print && file !== undefined)
    throw new BehalfError('ERR_USAGE', '--print and --header-file do not go together');

  if (file !== undefined) checkHeaderFile(file);

  trustSystemAuthorities();
  const token = await logIn(site, show, WAIT_MS);
  if (file === undefined) {
    process.stdout.write(`${token}\n`);
  } else {
    writeHeaderFile(file, token);
    process.stderr.write(`written: curl -H @${file} ${site.origin}/ is you now\n`);
  }
  return 0;
}

function show(url: URL): void {
  process.stderr.write(
    `Say yes in the browser on this computer. Where none opens, open this address:\n\n${url.href}\n\n`,
  );
  openInBrowser(url);
}
