/** The text that a member of a JSON object is; null for everything else. */
export function readMember(text: string, name: string): string | null {
  try {
    const value: unknown = JSON.parse(text)?.[name];
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}
