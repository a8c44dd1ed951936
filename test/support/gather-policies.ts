import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GATHERED } from './lend-policies.ts';

/** Vitest's global setup: once a run, for all projects. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'behalf-test-policies-'));
  process.env[GATHERED] = folder;
  return () => rm(folder, { recursive: true, force: true });
}
