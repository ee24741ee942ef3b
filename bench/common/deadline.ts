/** Resolves when `condition` holds, asked every few ms; false when `limitMs` passed first. Throws what `condition` throws. */
export async function waitUntil(condition: () => boolean, limitMs: number, everyMs = 5): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > deadline) return false;
    await delay(everyMs);
  }
  return true;
}

export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
