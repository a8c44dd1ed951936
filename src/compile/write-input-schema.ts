import { readTextAsset } from '../assets.ts';

/**
 * The JSON Schema of the input document, as text, for Rego's checker of types. That takes `"type": ["object", "null"]` for
 * an object, and so `input.caller == null` for a mistake: it is told of two alternatives instead.
 */
export function writeInputSchema(): string {
  return JSON.stringify(JSON.parse(readTextAsset('policy/schema/input.json'), splitTypes), undefined, 2);
}

function splitTypes(_: string, node: unknown): unknown {
  if (typeof node !== 'object' || node === null || !('type' in node) || !Array.isArray(node.type)) return node;
  return { anyOf: node.type.map((type) => (type === 'null' ? { type } : { ...node, type })) };
}
