import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

const PAGE = resolve(import.meta.dirname, '../../docs/verify.md');

/** The code of docs/verify.md by the file name behind each block's language: ```` ```go verifyheaders/verifyheaders.go ````. */
export async function readSnippets(): Promise<ReadonlyMap<string, string>> {
  const page = await readFile(PAGE, 'utf8');
  return new Map([...page.matchAll(/^```\w* ?(\S*)\n(.*?)^```$/gms)].map(([, file = '', code = '']) => [file, code]));
}
