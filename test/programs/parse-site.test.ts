import { describe, expect, test } from 'vitest';
import { parseSite } from '../../src/programs/parse-site.ts';

const CASES: Record<string, boolean> = {
  'https://app.example.com/a?b': true,
  'http://app.localhost:8000': true,
  'http://127.0.0.1:8000': true,
  'http://[::1]:8000': true,
  'http://app.example.com': false,
  'http://localhost.example.com': false,
  'https://me@app.example.com': false,
  'file:///etc/passwd': false,
  'app.example.com': false,
  '--help': false,
};

describe('parseSite', () => {
  test.each(Object.entries(CASES))('%s: %s', (text, isTaken) => {
    expect(parseSite(text) !== null).toBe(isTaken);
  });
});
