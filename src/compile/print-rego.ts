import { writePosition } from '../errors.ts';
import { escapeControls } from '../escape-controls.ts';
import type { PolicySource, WrittenRego } from './write-rego.ts';

/**
 * The generated Rego for people: above each module the routes that have this policy, behind each
 * criterion where it stands in the YAML. As `opa fmt` has it.
 */
export function printRego(written: Pick<WrittenRego, 'modules' | 'sources'>): string {
  return Object.entries(written.modules)
    .map(([path, text]) => printModule(text, written.sources[path] ?? []))
    .join('\n');
}

function printModule(text: string, sources: readonly PolicySource[]): string {
  const heads = sources.map(({ route }) => `# ${escapeControls(route.name)}, ${writePosition(route.position)}\n`);
  const lines = text.split('\n').map((line, at) => {
    const places = new Set(sources.flatMap(({ positions }) => positions[at] ?? []).map(writePosition));
    return places.size === 0 ? line : `${line} # ${[...places].join(', ')}`;
  });
  return heads.join('') + lines.join('\n');
}
