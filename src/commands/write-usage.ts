import type { Command } from './commands.ts';

/** `usage: behalf NAME ...`, each way to call it on a line. */
export function writeUsage(name: string, { forms }: Pick<Command, 'forms'>): string {
  return forms.map((form, at) => `${at === 0 ? 'usage:' : '      '} behalf ${name} ${form}\n`).join('');
}
