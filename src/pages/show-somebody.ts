import type { Html } from './html.ts';
import type { Somebody } from './page.ts';
import { showText } from './show-text.ts';

/** What people know somebody by: the email address, which is nobody else's, else the name, else the id. */
export function showSomebody({ email, name, id }: Somebody): Html {
  return showText(email || name || id);
}
