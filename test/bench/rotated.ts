// Whose turn it is.

/** The same list, begun further on: nobody always comes first, or after the same one. */
export function rotated<T>(list: readonly T[], by: number): T[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
