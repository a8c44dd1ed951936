import type { Config } from '../config/config.ts';
import { DROPPED_NAMES } from '../dropped-names.ts';
import { FIXED_NAMES, FORWARDED_NAMES } from '../fixed-names.ts';
import type { CompileRequest } from '../opa/compiler-protocol.ts';
import { canonicalName, RESERVED_NAMES } from '../reserved-names.ts';
import { listTakes } from './list-takes.ts';
import { writeInputSchema } from './write-input-schema.ts';
import type { WrittenRego } from './write-rego.ts';

/** What of the library is documented for policies (docs/rego.md). */
const READABLE = ['behalf.criteria', 'behalf.identity', 'behalf.logic'];

/** The input has them under no name (src/proxy/build-input.ts). */
const CREDENTIALS = ['authorization', 'cookie'];

/** The part of a request to the compiler that is about the Rego of authors: nothing where there is none. */
export function writeAuthoredRego(
  { claimHeaders }: Config,
  { authored, documents }: Pick<WrittenRego, 'authored' | 'documents'>,
): Pick<CompileRequest, 'authored' | 'data'> {
  if (Object.keys(authored).length === 0) return {};
  const ofClaims = claimHeaders.map(({ name }) => canonicalName(name));
  return {
    authored: {
      modules: authored,
      readable: [...READABLE, ...Object.keys(documents).sort()],
      reservedHeaders: [...FIXED_NAMES, ...FORWARDED_NAMES, ...ofClaims],
      absentHeaders: [...CREDENTIALS, ...RESERVED_NAMES, ...DROPPED_NAMES, ...ofClaims],
      inputSchema: writeInputSchema(),
      takes: listTakes(),
    },
    data: documents,
  };
}
