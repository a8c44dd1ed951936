import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  type YAMLMap,
} from 'yaml';
import type { Position } from '../errors.ts';
import type { Located, LocatedEntry } from './config.ts';
import { findSyntaxFaults, TOO_DEEP } from './find-syntax-faults.ts';
import { locateIn } from './locate-in.ts';
import type { Problems } from './problems.ts';

/** Far more than thousands of routes; a bound on the parser's time and memory. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;
/** Counted where an alias stands, not where its anchor does: nine nested aliases of nine (a "billion laughs") end here. */
const MAX_VALUES = 500_000;
const MAX_DEPTH = 100;

/**
 * Reads YAML 1.2 (core schema) or JSON into a tree in which anchors, aliases and merge keys are resolved and every
 * value knows its place. Undefined where the text is not YAML, or more than the bounds allow.
 */
export function parseYaml(text: string, file: string, problems: Problems): Located | undefined {
  const start: Position = { file, line: 1, column: 1 };
  if (text.length > MAX_FILE_BYTES) return problems.error(start, `longer than ${MAX_FILE_BYTES} characters`);
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const locate = locateIn(source, file);
  const document = parseText(source);
  if (document === null) return problems.error(start, TOO_DEEP);
  const faults = findSyntaxFaults(source, document);
  for (const { offset, message } of faults) problems.error(locate(offset), message);
  if (faults.length > 0) return undefined;
  if (document.contents === null) return problems.error(start, 'the file is empty');
  return convert(document, source, locate, problems);
}

/** Null where the library's own parser, which has no bound, runs out of stack. */
function parseText(source: string): Document.Parsed | null {
  try {
    return parseDocument(source, {
      prettyErrors: false,
      // Given, so that a `%YAML 1.1` in the text does not make `no` a boolean.
      schema: 'core',
      resolveKnownTags: false,
      // Done here, with the positions: the library's own comparison is quadratic and its merge keys have none.
      uniqueKeys: false,
      merge: false,
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Thrown to leave the walk as a whole; never leaves this file. */
class TooMuch extends Error {}

function convert(
  document: Document<Node>,
  source: string,
  locate: (offset: number) => Position,
  problems: Problems,
): Located | undefined {
  const anchors = new Map<string, Node>();
  /** To each alias the anchor of its name that stands last before it, wherever the alias is walked from. */
  const targets = new Map<Alias, Node>();
  let values = 0;
  /** Not with an alias of nothing: whatever is said of its value then is not so. */
  let isWhole = true;
  /** Where the outermost alias stands whose anchor is being walked. */
  let alias: Position | null = null;
  try {
    const tree = convertNode(document.contents, locate(0), 0);
    return isWhole ? tree : undefined;
  } catch (error) {
    if (error instanceof TooMuch) return undefined;
    throw error;
  }

  /** `position` is for a value that is not written at all, as that of `b` in `{a: 1, b}`. */
  function convertNode(node: unknown, position: Position, depth: number): Located {
    const at = hasRange(node) ? locate(node.range[0]) : position;
    values += 1;
    if (values > MAX_VALUES) tooMuch(at, `more than ${MAX_VALUES} values, aliases counted where they stand`);
    if (depth > MAX_DEPTH) tooMuch(at, `nested deeper than ${MAX_DEPTH} levels, or an alias within its own anchor`);
    if (isNode(node) && alias === null) resolveAnchors(node);
    if (isAlias(node)) {
      const target = targets.get(node);
      if (target !== undefined) return convertAlias(target, at, depth + 1);
      isWhole = false;
      problems.error(at, 'an alias whose anchor is not set before it; text that starts with "*" needs quotes');
    }
    if (isMap(node)) return { kind: 'map', entries: convertEntries(node, at, depth), position: at };
    if (isSeq(node)) {
      return { kind: 'list', items: node.items.map((item) => convertNode(item, at, depth + 1)), position: at };
    }
    if (!isScalar(node)) return { kind: 'scalar', value: null, position: at };
    const block = blockOf(node, at);
    return { kind: 'scalar', value: scalarOf(node, at), position: at, ...(block && { block }) };
  }

  function resolveAnchors(node: Node): void {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined) targets.set(node, target);
    } else if (node.anchor !== undefined) {
      anchors.set(node.anchor, node);
    }
  }

  function convertAlias(target: Node, position: Position, depth: number): Located {
    const outer = alias;
    alias ??= position;
    const value = convertNode(target, position, depth);
    alias = outer;
    return { ...value, position };
  }

  function scalarOf(node: Scalar, position: Position): string | number | boolean | null {
    const { value } = node;
    if (typeof value === 'number' && (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER)) {
      problems.error(position, 'a number that cannot be kept exactly; put it in quotes');
    }
    if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
    return null;
  }

  function blockOf({ type, value, range }: Scalar, { file, line }: Position): Position | undefined {
    if (type !== Scalar.BLOCK_LITERAL || typeof value !== 'string') return undefined;
    const lines = value.split('\n');
    const first = lines.findIndex((text) => text !== '');
    if (first === -1 || !range) return undefined;
    let start = range[0];
    for (let skipped = 0; skipped <= first; skipped += 1) start = source.indexOf('\n', start) + 1;
    const [written = ''] = /^[^\r\n]*/.exec(source.slice(start)) ?? [];
    return { file, line: line + 1, column: written.length - (lines[first]?.length ?? 0) + 1 };
  }

  function convertEntries(map: YAMLMap, position: Position, depth: number): readonly LocatedEntry[] {
    const own = new Map<string, LocatedEntry>();
    const merged: (readonly LocatedEntry[])[] = [];
    for (const pair of map.items) {
      const key = convertNode(pair.key, position, depth + 1);
      const value = convertNode(pair.value, key.position, depth + 1);
      if (isMergeKey(pair)) {
        merged.push(entriesToMerge(value));
      } else if (key.kind !== 'scalar' || typeof key.value !== 'string') {
        problems.error(key.position, 'a key must be text; put it in quotes');
      } else if (own.has(key.value)) {
        problems.error(key.position, `this key is already there, on line ${own.get(key.value)?.keyPosition.line}`);
      } else {
        own.set(key.value, { key: key.value, keyPosition: key.position, value });
      }
    }
    // The map's own keys win over merged ones, and what is merged first over what is merged later.
    for (const entry of merged.flat()) {
      if (!own.has(entry.key)) own.set(entry.key, entry);
    }
    return [...own.values()];
  }

  function entriesToMerge(value: Located): readonly LocatedEntry[] {
    if (value.kind === 'map') return value.entries;
    if (value.kind === 'list' && value.items.every((item) => item.kind === 'map')) {
      return value.items.flatMap((item) => item.entries);
    }
    problems.error(value.position, '"<<" must be a map or a list of maps');
    return [];
  }

  function tooMuch(position: Position, message: string): never {
    problems.error(alias ?? position, message);
    throw new TooMuch();
  }
}

function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && key.value === '<<' && key.type === Scalar.PLAIN;
}

function hasRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}
