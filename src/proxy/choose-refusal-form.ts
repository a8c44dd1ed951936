import type { IncomingMessage } from 'node:http';
import { type AnswerForm, chooseForm } from './choose-form.ts';
import { isNavigation } from './is-navigation.ts';
import type { Refusal } from './refusal.ts';

/**
 * What a client can read of a refusal. Where somebody has to sign in first, only who navigates gets a page: a script that
 * fetches HTML, and whoever brought a credential, are told as programs are.
 */
export function chooseRefusalForm(
  { status }: Pick<Refusal, 'status'>,
  message: Pick<IncomingMessage, 'method' | 'headers'>,
): AnswerForm {
  const form = chooseForm(message.headers);
  return form === 'html' && status === 401 && !isNavigation(message) ? 'json' : form;
}
