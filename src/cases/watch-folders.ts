import { existsSync, watch } from 'node:fs';

/** What a run reads; what it writes, such as a report, is none of them. */
const READ = /(?:^|[^.].*)\.(?:ya?ml|rego|json|pem)$/;

/** Calls `onChange` whenever a file that a run may read comes, goes or changes in one of the folders themselves that are there. */
export function watchFolders(folders: Iterable<string>, onChange: () => void): Disposable {
  const watchers = [...new Set(folders)].filter(existsSync).map((folder) => {
    const watcher = watch(folder, (_, name) => {
      if (name === null || READ.test(name)) onChange();
    });
    // A folder that goes takes its watcher along.
    return watcher.on('error', onChange);
  });
  return {
    [Symbol.dispose]() {
      for (const watcher of watchers) watcher.close();
    },
  };
}
