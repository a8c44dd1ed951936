/** A task that runs once at a time: called while it runs, it runs once more when it is done, however often it was called. */
export function oneAtATime(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let queued: Promise<void> | null = null;
  const run = (): Promise<void> => {
    running = task().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (running === null) {
      return run();
    }
    queued ??= running.then(() => {
      queued = null;
      return run();
    });
    return queued;
  };
}
