import { MASK } from '../hide-tokens.ts';

/** A name of a parameter with a value behind it. Longer ones may be a token, and so may what ends in padding (`dG9rZW4=`). */
const NAMED = /^[\w.[\]-]{1,32}(?==[^=])/;

/** A query, without its question mark, of which the names of parameters are left. */
export function maskQuery(query: string): string {
  // Some servers take a semicolon for the end of a parameter.
  return query.replace(/[^&;]+/g, (parameter) => {
    const name = NAMED.exec(parameter)?.[0];
    return name === undefined ? MASK : `${name}=${MASK}`;
  });
}
