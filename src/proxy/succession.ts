/** Something in use, for how many, and what happens when the last of them is done. */
interface Tenure<T> {
  readonly value: T;
  uses: number;
  onUnused: (() => void) | null;
}

/**
 * What is in use, and what takes its place: each use keeps what it began with, and what was replaced is disposed of when
 * its last use has ended.
 */
export class Succession<T extends AsyncDisposable> {
  #current: Tenure<T>;
  #earlier: Promise<unknown> = Promise.resolve();

  constructor(first: T) {
    this.#current = begin(first);
  }

  /** Uses what is current now, until the task is done. */
  async use(task: (value: T) => Promise<void>): Promise<void> {
    const tenure = this.#current;
    tenure.uses += 1;
    try {
      await task(tenure.value);
    } finally {
      tenure.uses -= 1;
      if (tenure.uses === 0) {
        tenure.onUnused?.();
      }
    }
  }

  /** Puts `next` in the place of what is current, for uses that begin from now on. */
  replace(next: T): void {
    this.#earlier = Promise.allSettled([this.#earlier, end(this.#current)]);
    this.#current = begin(next);
  }

  /** Resolves when all uses have ended and everything has been disposed of. */
  async end(): Promise<void> {
    await Promise.all([this.#earlier, end(this.#current)]);
  }
}

function begin<T>(value: T): Tenure<T> {
  return { value, uses: 0, onUnused: null };
}

async function end<T extends AsyncDisposable>(tenure: Tenure<T>): Promise<void> {
  if (tenure.uses > 0) {
    await new Promise<void>((resolve) => {
      tenure.onUnused = resolve;
    });
  }
  await tenure.value[Symbol.asyncDispose]();
}
