import type { Answer } from './answer.ts';

/** On to another page; where the browser is now may hold a secret, and nobody is told of it. */
export function redirectTo(url: string | URL, headers: Answer['headers'] = []): Answer {
  return {
    status: 302,
    headers: [['location', String(url)], ['referrer-policy', 'no-referrer'], ...headers],
    body: '',
  };
}
