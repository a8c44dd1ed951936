import { BehalfError } from '../errors.ts';
import { stateUnusable } from './identity-errors.ts';

/** Runs `action` on what lies at `path`, and translates each failure of file system or SQLite: ERR_STATE_UNUSABLE. */
export function guardState<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    if (cause instanceof BehalfError) throw cause;
    throw stateUnusable(`${JSON.stringify(path)} cannot be used: ${cause}`, cause);
  }
}
