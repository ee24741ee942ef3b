/**
 * Indexes of the points to draw of a long series, ascending: the newest in full, the least and the greatest of each
 * stretch of the older ones (so that no extreme is lost and nothing is averaged), and every point in `keep`.
 */
export function pointsToDraw(
  values: ArrayLike<number>,
  limit: number,
  keep: readonly number[] = [],
): number[] {
  const n = values.length;
  if (n <= limit) return Array.from({ length: n }, (_, i) => i);
  const newest = Math.min(60, Math.floor(limit / 3));
  const kept = new Set(keep.filter((index) => index >= 0 && index < n));
  const older = n - newest;
  const stretches = Math.max(1, Math.floor((limit - newest) / 2));
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * older) / stretches);
    const to = Math.floor(((stretch + 1) * older) / stretches);
    let [low, high] = [from, from];
    for (let i = from; i < to; i++) {
      if ((values[i] ?? 0) < (values[low] ?? 0)) low = i;
      if ((values[i] ?? 0) > (values[high] ?? 0)) high = i;
    }
    kept.add(low).add(high);
  }
  for (let i = older; i < n; i++) kept.add(i);
  return [...kept].sort((a, b) => a - b);
}
