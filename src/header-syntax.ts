/** RFC 9110 section 5.6.2: a token. */
export const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** RFC 9110 section 5.5: what a field value may hold, byte for byte; nothing in it ends a line. */
export const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
