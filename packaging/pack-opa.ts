import { readFileSync, writeFileSync } from 'node:fs';
import { constants, zstdCompressSync } from 'node:zlib';

// A higher level takes ten times as long to save a tenth.
const params = { [constants.ZSTD_c_compressionLevel]: 9 };
const [, , from = '', to = ''] = process.argv;
writeFileSync(to, zstdCompressSync(readFileSync(from), { params }));
