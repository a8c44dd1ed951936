import { writePosition } from '../errors.ts';
import type { ChangeGroup, ChangePart, ChangeSet, Changes, VerdictStep } from './explanation.ts';
import type { Paint } from './paint.ts';
import { writeMatcher } from './write-matcher.ts';
import { type Branch, writeTree } from './write-tree.ts';

const MAX_SETS = 10;
const MAX_PARTS = 5;

/** What no part of a policy can change. */
const NEEDS: Partial<Record<VerdictStep, string>> = {
  'route-not-found': 'the address would have to be that of a route',
  'client-certificate': 'a valid client certificate would have to be presented',
  unauthenticated: 'somebody would have to be signed in, of whom the policy may then say anything',
  'original-user-invalid': 'the service account would have to bring a valid assertion, or none',
  'original-user-missing': 'a service account would have to bring an assertion of an original user',
};

/** What would have to change for the outcome to be another. */
export function writeChanges({ sets, limited }: Changes, step: VerdictStep, paint: Paint): string {
  const need = NEEDS[step];
  const branches: Branch[] = [
    ...(need === undefined ? [] : [{ text: need }]),
    ...sets.slice(0, MAX_SETS).map((set) => writeSet(set, paint)),
    ...(sets.length > MAX_SETS ? [{ text: `or one of ${sets.length - MAX_SETS} more changes` }] : []),
    ...(limited ? [{ text: 'the policy is too large to try every change' }] : []),
  ];
  const other = step === 'allowed' ? 'refused' : 'allowed';
  if (branches.length === 0) {
    return `${paint('bold', `it would not be ${other} by a change of one part of the policy, or of two`)}\n`;
  }
  return `${paint('bold', `it would be ${other} if one of these changed`)}\n${writeTree(branches)}`;
}

function writeSet(set: ChangeSet, paint: Paint): Branch {
  const [one, other] = set;
  if (other === undefined) return writeGroup(one, 'one', paint);
  if (one === other) return writeGroup(one, 'two', paint);
  return { text: 'both of', branches: [writeGroup(one, 'one', paint), writeGroup(other, 'one', paint)] };
}

function writeGroup({ value, parts }: ChangeGroup, count: 'one' | 'two', paint: Paint): Branch {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return { text: writePart(first, value, paint) };
  const rest = parts.length - MAX_PARTS;
  return {
    text: `${count} of these ${parts.length}`,
    branches: [
      ...parts.slice(0, MAX_PARTS).map((part) => ({ text: writePart(part, value, paint) })),
      ...(rest > 0 ? [{ text: paint('dim', `and ${rest} more`) }] : []),
    ],
  };
}

function writePart({ key, matcher, positions }: ChangePart, value: boolean, paint: Paint): string {
  const places = positions.map(writePosition).join(', ');
  return `${writeMatcher(key, matcher)} ${paint(value ? 'green' : 'red', `→ ${value}`)}${paint('dim', `  ${places}`)}`;
}
