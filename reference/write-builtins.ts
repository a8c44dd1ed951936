import { writeTable } from './write-table.ts';

/** As OPA's capabilities have it. */
export interface Builtin {
  readonly name: string;
  readonly description?: string;
  readonly categories?: readonly string[];
  readonly infix?: string;
  readonly decl: { readonly args?: readonly OpaType[]; readonly result?: OpaType; readonly variadic?: OpaType };
}

interface OpaType {
  readonly type: string;
  readonly name?: string;
  readonly of?: OpaType | readonly OpaType[];
  readonly dynamic?: OpaType | { readonly key: OpaType; readonly value: OpaType };
}

/**
 * Writes the page of the builtins that Rego in a policy may call, docs/reference/builtins.md.
 *
 * @param all OPA's own, with their descriptions
 * @param names of those that work
 */
export function writeBuiltins(all: readonly Builtin[], names: ReadonlySet<string>): string {
  const there = all.filter(({ name }) => names.has(name));
  const groups = Map.groupBy(there, ({ name, categories }) => categories?.[0] ?? name.split('.')[0] ?? name);
  const sections = [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, builtins]) => {
      const rows = builtins.map((builtin) => [
        `\`${builtin.infix ?? builtin.name}\``,
        `\`${writeSignature(builtin)}\``,
        (builtin.description ?? '').replaceAll(/\s+/g, ' '),
      ]);
      return `## ${group}\n\n${writeTable(['builtin', 'signature', 'meaning'], rows)}\n`;
    });
  const absent = all.filter(({ name }) => !names.has(name)).map(({ name }) => `\`${name}\``);
  return `# Builtins

What Rego in a policy may call, with OPA's own meaning and OPA's own words.

${sections.join('\n')}
## Not there

A policy that calls one of these is refused when it is compiled, with file and line:

${absent.join(', ')}
`;
}

function writeSignature({ infix, decl: { args = [], variadic, result } }: Builtin): string {
  const operands = args.map(writeOperand);
  const rest = variadic === undefined ? [] : [`...${writeOperand(variadic)}`];
  const given = result === undefined ? '' : ` → ${writeType(result)}`;
  return infix === undefined || operands.length !== 2
    ? `(${[...operands, ...rest].join(', ')})${given}`
    : `${operands.join(` ${infix} `)}${given}`;
}

function writeOperand(type: OpaType): string {
  return type.name === undefined ? writeType(type) : `${type.name}: ${writeType(type)}`;
}

function writeType({ type, of, dynamic }: OpaType): string {
  if (type === 'any' && Array.isArray(of)) return of.map(writeType).join(' or ');
  if (type === 'set' && of !== undefined && !Array.isArray(of)) return `set of ${writeType(of as OpaType)}`;
  if (type === 'array' && dynamic !== undefined && 'type' in dynamic) return `array of ${writeType(dynamic)}`;
  return type;
}
