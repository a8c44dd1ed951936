import { type ChildProcess, spawn } from 'node:child_process';
import { BehalfError, type Problem, writeProblem } from '../errors.ts';
import { ownCommand } from '../own-command.ts';
import { COMPILER_PROCESS, type CompileFailure, type CompileReply, type CompileRequest } from './compiler-protocol.ts';

export interface Compiler extends AsyncDisposable {
  /**
   * The WASM module. ERR_COMPILE_FAILED where the Rego is refused: `problems` has every place. ERR_OPA_FAILED where OPA
   * could not be started or died; the next call starts it anew.
   */
  compile(request: CompileRequest): Promise<Uint8Array>;
}

/**
 * OPA's compiler in a process of its own, which takes 350 MB while it is up. The process is begun at the first compile,
 * serves one call after another, ends after `idleMs` without any, and holds this one open only while it compiles.
 */
export function startCompiler({ idleMs = 30_000 } = {}): Compiler {
  let child: ChildProcess | null = null;
  let idle: NodeJS.Timeout | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  function begin(): ChildProcess {
    const begun = spawnCompiler();
    const forget = () => {
      if (child === begun) child = null;
    };
    return begun.on('exit', forget).on('error', forget);
  }

  async function end(): Promise<void> {
    clearTimeout(idle);
    const ending = child;
    // At once: a call that comes while the process ends gets a new one.
    child = null;
    if (ending === null) return;
    const exit = new Promise((resolve) => ending.once('exit', resolve));
    ending.ref();
    ending.kill();
    await exit;
  }

  async function compileNow(request: CompileRequest): Promise<Uint8Array> {
    clearTimeout(idle);
    child ??= begin();
    try {
      return readReply(await ask(child, request));
    } finally {
      idle = setTimeout(end, idleMs).unref();
    }
  }

  return {
    compile(request) {
      const result = queue.then(() => compileNow(request));
      queue = result.catch(() => undefined);
      return result;
    },
    [Symbol.asyncDispose]: end,
  };
}

function spawnCompiler(): ChildProcess {
  // Not the options of a parent that was told to watch, inspect or evaluate. Go's compiler recurses over long lists (`in:`
  // with thousands of values) on the stack of the host, of which Node by itself uses 1 of the customary 8 MiB.
  const [program, ...args] = ownCommand(['--stack-size=7000']);
  return spawn(program, [...args, COMPILER_PROCESS], {
    serialization: 'advanced',
    // When Go crashes, it writes pages of stacks to stderr.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

/** One question, one answer. The child counts as work of this process only in between. */
function ask(child: ChildProcess, request: CompileRequest): Promise<CompileReply> {
  const { promise, resolve, reject } = Promise.withResolvers<CompileReply>();
  const failed = (why: string, cause?: Error) => reject(new BehalfError('ERR_OPA_FAILED', why, { cause }));
  const onExit = (code: number | null, signal: string | null) =>
    failed(`OPA's compiler died: ${signal ?? `exit code ${code}`}`);
  const onError = (cause: Error) => failed(`OPA's compiler cannot be reached: ${cause.message}`, cause);
  child.once('message', resolve).once('exit', onExit).on('error', onError);
  child.ref();
  child.channel?.ref();
  child.send(request);
  return promise.finally(() => {
    child.off('message', resolve).off('exit', onExit).off('error', onError);
    child.unref();
    child.channel?.unref();
  });
}

function readReply(reply: CompileReply): Uint8Array {
  switch (reply.kind) {
    case 'compiled':
      return reply.wasm;
    case 'refused':
      throw refused(reply.failure);
    case 'failed':
      throw new BehalfError('ERR_OPA_FAILED', reply.message);
  }
}

function refused(failure: CompileFailure): BehalfError {
  const problems = failure.problems.map(
    ({ path, row, column, message }): Problem => ({
      severity: 'error',
      position: { file: path, line: row, column },
      message,
    }),
  );
  const lines = problems.length === 0 ? [failure.message] : problems.map(writeProblem);
  return new BehalfError('ERR_COMPILE_FAILED', `Rego does not compile: ${lines.join('\n')}`, { problems });
}
