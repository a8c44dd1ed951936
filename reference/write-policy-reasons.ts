import type { PolicyReport } from '../checks/read-policy.ts';

/** Writes what the policy library's reasons say, for pages: src/pages/policy-reasons.ts. */
export function writePolicyReasons({ reasons }: PolicyReport): string {
  const rows = reasons
    .toSorted((a, b) => (a.code < b.code ? -1 : 1))
    .map(({ code, text }) => `  ${/^\w+$/.test(code) ? code : quote(code)}: ${quote(text)},\n`);
  return `/** What the reasons of the policy library say, by their codes. \`make reference\` writes it, from the METADATA in policy/. */
export const POLICY_REASONS: Readonly<Record<string, string>> = {
${rows.join('')}};
`;
}

/** As Biome does. */
function quote(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text}'`;
}
