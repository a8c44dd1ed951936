/** A line, and the lines below it. */
export interface Branch {
  readonly text: string;
  readonly branches?: readonly Branch[];
}

/** Branches as lines, each joined to the one that it belongs to. */
export function writeTree(branches: readonly Branch[], indent = ''): string {
  return branches
    .map(({ text, branches: below = [] }, at) => {
      const isLast = at === branches.length - 1;
      return `${indent}${isLast ? '└─' : '├─'} ${text}\n${writeTree(below, `${indent}${isLast ? '   ' : '│  '}`)}`;
    })
    .join('');
}
