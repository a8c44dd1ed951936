export type Style = 'bold' | 'dim' | 'green' | 'red';

/** Gives text a style, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;
