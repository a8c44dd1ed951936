import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { type BufferedLog, createLog } from '../../src/log.ts';
import { eventually } from '../support/eventually.ts';

function collect(): { log: BufferedLog; text: () => string; writes: string[]; stream: Writable } {
  const writes: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      writes.push(String(chunk));
      done();
    },
  });
  const log = createLog(stream);
  const text = () => {
    log.flush();
    return writes.join('');
  };
  return { log, text, writes, stream };
}

describe('createLog', () => {
  test('writes one JSON line a call', () => {
    const { log, text } = collect();
    log.info('listening', { port: 80, ok: true, none: null, reasons: ['a', 'b'] });
    log.warn('careful');
    log.error('failed');
    const lines = text().split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        level: 'info',
        message: 'listening',
        port: 80,
        ok: true,
        none: null,
        reasons: ['a', 'b'],
      },
      { time: expect.any(String), level: 'warn', message: 'careful' },
      { time: expect.any(String), level: 'error', message: 'failed' },
    ]);
  });

  test('no field can forge a line or move the cursor, and each reads back as it was', () => {
    const { log, text } = collect();
    const hostile = 'a\r\nb\u001b[2J\u007f\u0085\u009b\u2028\u2029\u202e\u2066c';
    log.info('request', { path: hostile, reasons: [hostile] });
    const line = text();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(line).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+\n$/);
    expect(JSON.parse(line)).toMatchObject({ path: hostile, reasons: [hostile] });
  });

  test('a field is cut at 2 KiB', () => {
    const { log, text } = collect();
    log.info('request', { short: 'é'.repeat(1024), long: 'é'.repeat(1025), list: ['x'.repeat(5000)] });
    expect(JSON.parse(text())).toMatchObject({
      short: 'é'.repeat(1024),
      long: 'é'.repeat(1024),
      list: ['x'.repeat(2048)],
    });
  });

  test('lines of a moment are written together', async () => {
    const { log, writes } = collect();
    log.info('one');
    log.info('two');
    expect(writes).toEqual([]);
    await eventually(() => expect(writes).toHaveLength(1));
    expect(writes).toEqual([expect.stringMatching(/"one".*\n.*"two".*\n$/)]);
    log.info('three');
    await eventually(() => expect(writes).toHaveLength(2));
    expect(writes[1]).toContain('"three"');
  });

  test('a warning is written at once, behind what came before it', () => {
    const { log, writes } = collect();
    log.info('one');
    log.warn('two');
    expect(writes).toEqual([expect.stringMatching(/"one".*\n.*"two".*\n$/)]);
  });

  test('many lines are not kept until the end of a turn', () => {
    const { log, writes } = collect();
    for (let line = 0; line < 1000; line += 1) {
      log.info('request', { path: 'x'.repeat(100) });
    }
    expect(writes.length).toBeGreaterThan(1);
    expect(Math.max(...writes.map((text) => text.length))).toBeLessThan(66 * 1024);
    log.flush();
    expect(writes.join('').split('\n')).toHaveLength(1001);
  });

  test('a reader that went away ends nothing', () => {
    const { log, stream } = collect();
    stream.destroy(new Error('EPIPE'));
    log.info('still here');
    expect(() => log.flush()).not.toThrow();
  });
});
