#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { runCli } from './cli.ts';
import { COMPILER_PROCESS } from './opa/compiler-protocol.ts';

const [, , ...args] = process.argv;
// Until there is a result; and no `await` here, as the binary's code is CommonJS.
process.exitCode = 1;
if (Number.parseInt(process.versions.node, 10) < 26) {
  process.stderr.write(`behalf needs Node.js 26 or later, and this is ${process.version}\n`);
} else if (args[0] === COMPILER_PROCESS && process.connected) {
  void import('./opa/compiler-process.ts');
} else {
  void runCli(args).then((exitCode) => {
    process.exitCode = exitCode;
  });
}
