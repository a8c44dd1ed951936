/** One header line; the name is in lower case, the value as its bytes came, one character a byte (Latin-1). */
export type Header = readonly [name: string, value: string];

/** Header lines as Node's parser and writer list them, name, value, name, value. */
export type RawHeaders = readonly string[];
