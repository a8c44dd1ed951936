import { readLibrary } from '../../src/compile/read-library.ts';
import { writeRego } from '../../src/compile/write-rego.ts';
import type { Config } from '../../src/config/config.ts';
import type { InputDocument } from '../../src/engine/documents.ts';
import { withFolder } from '../differential/with-folder.ts';
import { runBehalf } from '../support/run-behalf.ts';
import type { Verdict } from './compile-verdicts.ts';

const DISPATCH = `package behalf_test

verdicts := [verdict |
	some document in data.inputs
	verdict := _verdict with input as document
]

_verdict := data.policies[data.routes[input.route.id].policy].verdict
`;

/** What OPA's interpreter makes of the policies of a configuration, for one input document after the other; reasons sorted. */
export async function interpretVerdicts(config: Config, inputs: readonly InputDocument[]): Promise<readonly Verdict[]> {
  const { modules, data } = writeRego(config);
  const files = {
    ...readLibrary().modules,
    ...modules,
    'dispatch.rego': DISPATCH,
    'data.json': JSON.stringify({ ...data, inputs }),
  };
  return await withFolder(files, async (folder) => {
    const query = ['--bundle', folder, '--format', 'raw', 'data.behalf_test.verdicts'];
    const { stdout, stderr } = await runBehalf(['opa', 'eval', ...query]);
    const verdicts: readonly Verdict[] = JSON.parse(stdout || '[]');
    if (verdicts.length !== inputs.length) throw new Error(stderr || 'a verdict is undefined');
    return verdicts;
  });
}
