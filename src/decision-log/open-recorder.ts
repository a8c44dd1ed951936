import type { Reads } from '../reads.ts';
import type { LogFile } from './append-to-file.ts';
import type { Journal } from './open-journal.ts';
import { type Decided, type Extras, writeLine } from './write-line.ts';

/** Writes decisions down. */
export interface Recorder {
  record(decided: Decided): void;
}

/**
 * Begins to record the decisions of one configuration.
 *
 * @param reads by route: what a policy does not read is not recorded
 */
export function openRecorder(settings: LogFile & Extras, reads: Reads, journal: Journal): Recorder {
  // The id of no route is empty, and no policy reads anything then.
  const readsOf = new Map([...Object.entries(reads), ['', { request: [], headers: [], claims: [] }]]);
  // An empty line is none; but it shows now, not at the first request, whether the file can be written.
  journal.append(settings, '');
  return {
    record: (decided) => journal.append(settings, writeLine(decided, readsOf.get(decided.input.route.id), settings)),
  };
}
