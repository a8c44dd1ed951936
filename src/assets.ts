import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { getAssetKeys, getRawAsset, isSea } from 'node:sea';
import { zstdDecompressSync } from 'node:zlib';

/** Of the repository, or of the npm package: its code is as deep in it as this file is here. */
const ROOT = join(import.meta.dirname, '..');

/**
 * The bytes of a file that comes with Behalf, by its path in the repository: out of the source tree, of the npm package
 * or of the single-file binary. A package has large ones as `NAME.zst`. Throws the file system's ENOENT.
 */
export function readAsset(name: string): Uint8Array {
  const packed = `${name}.zst`;
  return hasAsset(packed) ? zstdDecompressSync(read(packed)) : read(name);
}

/** As `readAsset`, of UTF-8. */
export function readTextAsset(name: string): string {
  return new TextDecoder().decode(readAsset(name));
}

/** The names of all files under a folder, sorted. */
export function listAssets(folder: string): string[] {
  return isSea()
    ? getAssetKeys()
        .filter((name) => name.startsWith(`${folder}/`))
        .sort()
    : readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .map((path) => `${folder}/${path.replaceAll(sep, '/')}`)
        .sort();
}

function hasAsset(name: string): boolean {
  return isSea() ? getAssetKeys().includes(name) : existsSync(join(ROOT, name));
}

/** Not to be written to: those of the binary are its own memory. */
function read(name: string): Uint8Array {
  return isSea() ? new Uint8Array(getRawAsset(name)) : readFileSync(join(ROOT, name));
}
