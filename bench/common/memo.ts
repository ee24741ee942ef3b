/** Keeps what was made of an object and a number for as long as the object is there. */
export function memoBy<K extends object, V extends object>(
  make: (of: K, at: number) => V,
): (of: K, at: number) => V {
  const known = new WeakMap<K, Map<number, V>>();
  return (of, at) => {
    const byNumber = known.get(of) ?? new Map<number, V>();
    known.set(of, byNumber);
    const found = byNumber.get(at) ?? make(of, at);
    byNumber.set(at, found);
    return found;
  };
}
