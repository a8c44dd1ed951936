import { BehalfError } from '../errors.ts';
import { FIXED_NAMES } from '../fixed-names.ts';
import { HEADER_NAME } from '../header-syntax.ts';
import { canonicalName } from '../reserved-names.ts';
import type { Header } from './header.ts';

interface Action {
  readonly action: string;
  readonly name: string;
}

/** Other actions leave the headers of a name as they are. */
const WRITES: ReadonlySet<string> = new Set(['remove', 'set', 'sign', 'carry']);

/** What actions come to, whatever the request: the last word on a name, in whatever spelling, counts. */
interface Plan<A> {
  /** Canonical names of headers that do not stay as they came. */
  readonly touched: ReadonlySet<string>;
  /** What gives the new ones, in their order. */
  readonly last: readonly A[];
}

/**
 * What carries actions out on headers. A decision is remembered and given again, so what its actions come to is found once.
 *
 * @param check throws for an action that no decision may ask for
 */
export function createEditor<A extends Action>(check: (action: A) => void) {
  const plans = new WeakMap<readonly A[], Plan<A>>();

  const plan = (actions: readonly A[]): Plan<A> => {
    const last = new Map<string, A>();
    for (const action of actions) {
      const canonical = canonicalName(action.name);
      if (FIXED_NAMES.has(canonical)) throw refused('touches what is the proxy’s own', action.name);
      if (!HEADER_NAME.test(action.name)) throw refused('sets what cannot be sent', action.name);
      check(action);
      if (!WRITES.has(action.action)) continue;
      // Else the map would keep the place of the earlier one.
      last.delete(canonical);
      last.set(canonical, action);
    }
    const kept = [...last.values()].filter(({ action }) => action !== 'remove');
    const made = { touched: new Set(last.keys()), last: kept };
    plans.set(actions, made);
    return made;
  };

  /**
   * `headers` after all actions; what is set stands at the end, in the order of the actions.
   *
   * @param write gives the value that an action asks for, as its bytes go out (Latin-1); null for none
   * @throws BehalfError ERR_ENGINE_DECISION, and what `check` and `write` throw
   */
  return (
    headers: readonly Header[],
    actions: readonly A[],
    write: (action: A) => string | null,
  ): readonly Header[] => {
    const { touched, last } = plans.get(actions) ?? plan(actions);
    const edited: Header[] = [];
    for (const header of headers) {
      if (!touched.has(canonicalName(header[0]))) edited.push(header);
    }
    for (const action of last) {
      const value = write(action);
      if (value !== null) edited.push([action.name.toLowerCase(), value]);
    }
    return edited;
  };
}

function refused(what: string, name: string): BehalfError {
  return new BehalfError('ERR_ENGINE_DECISION', `the decision ${what}: ${JSON.stringify(name)}`);
}
