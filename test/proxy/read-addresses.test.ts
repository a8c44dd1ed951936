import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { readAddresses } from '../../src/proxy/read-addresses.ts';

interface Sent {
  readonly peer?: string;
  /** The lines of X-Forwarded-For. */
  readonly lists?: readonly string[];
  readonly others?: readonly string[];
}

function receive({ peer = '10.0.0.9', lists = [], others = [] }: Sent): IncomingMessage {
  const message = new IncomingMessage(Object.defineProperty(new Socket(), 'remoteAddress', { value: peer }));
  message.rawHeaders = [...others, ...lists.flatMap((list) => ['X-Forwarded-For', list])];
  return message;
}

describe("the client's address is that many entries from the end", () => {
  const cases: Record<string, { hops: number; sent: Sent; addresses: string[] }> = {
    'none trusted': { hops: 0, sent: { lists: ['192.0.2.1'] }, addresses: ['10.0.0.9'] },
    'one hop': { hops: 1, sent: { lists: ['192.0.2.1'] }, addresses: ['192.0.2.1', '10.0.0.9'] },
    "one hop, behind the client's own words": {
      hops: 1,
      sent: { lists: ['10.0.0.1, 192.0.2.1'] },
      addresses: ['192.0.2.1', '10.0.0.9'],
    },
    'two hops': {
      hops: 2,
      sent: { lists: ['10.0.0.1,192.0.2.1, 10.0.0.8'] },
      addresses: ['192.0.2.1', '10.0.0.8', '10.0.0.9'],
    },
    'two hops, two lines': {
      hops: 2,
      sent: { lists: ['10.0.0.1, 192.0.2.1', '10.0.0.8'] },
      addresses: ['192.0.2.1', '10.0.0.8', '10.0.0.9'],
    },
    // Who goes round the first proxy is the second one's client, and not that proxy itself.
    'two hops, of which one was passed by': {
      hops: 2,
      sent: { lists: ['192.0.2.1'] },
      addresses: ['192.0.2.1', '10.0.0.9'],
    },
    'one hop that says nothing': { hops: 1, sent: {}, addresses: ['10.0.0.9'] },
    'empty entries': { hops: 1, sent: { lists: ['192.0.2.1, ,\t'] }, addresses: ['192.0.2.1', '10.0.0.9'] },
    "nonsense among the client's own words": {
      hops: 1,
      sent: { lists: ['unknown, <script>, 192.0.2.1'] },
      addresses: ['192.0.2.1', '10.0.0.9'],
    },
    'other spellings of addresses': {
      hops: 3,
      sent: { peer: '::ffff:10.0.0.9', lists: ['2001:DB8:0:0::1', '::FFFF:c000:201, fe80::1%eth0'] },
      addresses: ['2001:db8::1', '192.0.2.1', 'fe80::1', '10.0.0.9'],
    },
    'a peer on a link': { hops: 0, sent: { peer: 'fe80::1%eth0' }, addresses: ['fe80::1'] },
    'the exact header alone': {
      hops: 1,
      sent: { others: ['X_Forwarded_For', '10.0.0.1', 'Forwarded', 'for=10.0.0.1', 'X-Real-IP', '10.0.0.1'] },
      addresses: ['10.0.0.9'],
    },
    'a header that Connection names': {
      hops: 1,
      sent: { lists: ['192.0.2.1'], others: ['Connection', 'X-Forwarded-For'] },
      addresses: ['192.0.2.1', '10.0.0.9'],
    },
  };
  test.for(Object.entries(cases))('%s', ([, { hops, sent, addresses }]) => {
    expect(readAddresses(receive(sent), hops)).toEqual(addresses);
  });
});

describe('whose request it is must be known', () => {
  test.each(['unknown', '_hidden', '192.0.2.1:4711', '[2001:db8::1]', '192.0.2', '192.0.2.01', '"192.0.2.1"'])(
    'a trusted entry that is no address is refused: %s',
    (entry) => {
      expect(() => readAddresses(receive({ lists: [`192.0.2.1, ${entry}`] }), 1)).toThrow(
        expect.objectContaining({
          code: 'ERR_REQUEST_MALFORMED',
          reason: 'forwarded',
          message: 'X-Forwarded-For has a trusted entry that is no IP address',
        }),
      );
      expect(readAddresses(receive({ lists: [`${entry}, 192.0.2.1`] }), 1)).toEqual(['192.0.2.1', '10.0.0.9']);
    },
  );

  // A reset between the request and its reading leaves no address, which no denial of addresses would name.
  test.each([0, 1])('a connection that is gone is nobody, with %d hops', (hops) => {
    expect(() => readAddresses(receive({ peer: '', lists: ['192.0.2.1'] }), hops)).toThrow(
      expect.objectContaining({
        code: 'ERR_CLIENT_GONE',
        message: 'the client went away before its address was known',
      }),
    );
  });
});
