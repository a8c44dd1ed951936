import { readPolicy } from './read-policy.ts';

// `make rego-check` runs this: the conventions of policy/, and of the checks themselves.

const { violations } = await readPolicy(['policy', 'checks']);
for (const { file, row, message } of violations) process.stderr.write(`${file}:${row}: ${message}\n`);
process.exitCode = violations.length === 0 ? 0 : 1;
