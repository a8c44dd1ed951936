import type { Caller, InputDocument, OriginalUser } from '../engine/documents.ts';
import { type Position, writePosition } from '../errors.ts';
import { escapeControls } from '../escape-controls.ts';
import type {
  ExplainedBlock,
  ExplainedCriterion,
  ExplainedSide,
  Explanation,
  Outcome,
  VerdictStep,
} from './explanation.ts';
import { VERDICT_STEPS } from './explanation.ts';
import type { Paint } from './paint.ts';
import { writeChanges } from './write-changes.ts';
import { writeHeaders } from './write-headers.ts';
import { writeMatcher } from './write-matcher.ts';
import { type Branch, writeTree } from './write-tree.ts';
import { writeValue } from './write-value.ts';

/** Of one block, so many that are true and so many that are false are shown. */
const MAX_ALIKE = 20;

const STEPS: Readonly<Record<VerdictStep, string>> = {
  'route-not-found': 'no route answers to this address',
  'client-certificate': 'the policy asks for a valid client certificate',
  unauthenticated: 'the policy asks who calls, and nobody is signed in',
  'original-user-invalid': 'the service account brought an assertion of an original user that is not valid',
  denied: 'the deny side is true',
  'original-user-missing': 'what allows it is that the original user is not somebody, and there is none',
  allowed: 'the allow side is true, and the deny side is not',
  'not-allowed': 'the allow side is not true',
};

/** An explanation for people: who asked for what, the outcome, what the policy's parts say, headers, and what would change it. */
export function writeExplanation(
  explanation: Explanation,
  input: InputDocument,
  paint: Paint = (_, text) => text,
): string {
  const { decision, step, tree, changes } = explanation;
  const outcome = decision.allow ? paint('green', 'allowed') : paint('red', `refused with ${decision.status}`);
  const sections = [
    writeRequest(explanation, input),
    `${outcome}${writeReasons(decision)}\n${paint('dim', `step ${VERDICT_STEPS.indexOf(step)}: ${STEPS[step]}`)}\n`,
    ...(tree === null ? [] : [writeSide('allow', tree.allow, paint), writeSide('deny', tree.deny, paint)]),
    writeHeaders('request', decision.request_headers, paint),
    writeHeaders('response', decision.response_headers, paint),
    writeChanges(changes, step, paint),
  ];
  return sections.filter((section) => section !== '').join('\n');
}

function writeRequest(
  { route }: Explanation,
  { request, caller, original_user, original_user_error }: InputDocument,
): string {
  const onBehalf = original_user_error === null ? writePerson(original_user) : `nobody: ${original_user_error}`;
  const isChain = original_user !== null || original_user_error !== null;
  return [
    escapeControls(`${request.method} ${request.scheme}://${request.host}${request.path}`),
    `  caller       ${writePerson(caller)}`,
    ...(isChain ? [`  on behalf of ${onBehalf}`] : []),
    `  route        ${route === null ? 'none' : `${escapeControls(route.name)}  ${writePosition(route.position)}`}`,
    '',
  ].join('\n');
}

function writePerson(person: Caller | OriginalUser | null): string {
  if (person === null) return 'nobody';
  const { type, id, email } = person;
  return `${type.replace('_', ' ')} ${writeValue(id)}${email === '' || email === id ? '' : `, ${writeValue(email)}`}`;
}

function writeSide(name: string, side: ExplainedSide, paint: Paint): string {
  const parts: Branch[] = [
    ...side.blocks.map((block) => writeBlock(block, paint)),
    ...side.rego.map((written) => ({
      text: `${writeTruth(written, paint)} ${written.package}${writeReasons(written)}${writePlace(written.position, paint)}`,
    })),
  ];
  const empty = parts.length === 0 ? paint('dim', '  nothing is written there') : '';
  return `${paint('bold', name)} ${writeTruth(side, paint)}${empty}\n${writeTree(parts)}`;
}

function writeBlock(block: ExplainedBlock, paint: Paint): Branch {
  const { operator, position, criteria } = block;
  const counts = { true: 0, false: 0 };
  const shown = criteria.filter(({ value }) => {
    counts[`${value}`] += 1;
    return counts[`${value}`] <= MAX_ALIKE;
  });
  const hidden = criteria.length - shown.length;
  return {
    text: `${writeTruth(block, paint)} ${operator}${writePlace(position, paint)}`,
    branches: [
      ...shown.map((criterion) => ({ text: writeCriterion(criterion, paint) })),
      ...(hidden > 0 ? [{ text: paint('dim', `and ${hidden} more like these`) }] : []),
    ],
  };
}

function writeCriterion(criterion: ExplainedCriterion, paint: Paint): string {
  const { key, matcher, compared, position } = criterion;
  const found = compared === null ? '' : `  found ${writeValue(compared)}`;
  return `${writeTruth(criterion, paint)} ${writeMatcher(key, matcher)}${found}${writeReasons(criterion)}${writePlace(position, paint)}`;
}

function writeTruth({ value }: Outcome, paint: Paint): string {
  return value ? paint('green', 'true') : paint('red', 'false');
}

function writeReasons({ reasons }: { readonly reasons: readonly string[] }): string {
  return reasons.length === 0 ? '' : `  ${reasons.join(', ')}`;
}

function writePlace(position: Position, paint: Paint): string {
  return paint('dim', `  ${writePosition(position)}`);
}
