import UPNG from 'upng-js';

/** Side of a block, pixels: letters that another machine draws a little differently come to the same shade of grey. */
const BLOCK = 10;
/** How far a block's mean of red, green or blue may be off, of 255. */
const SHADE = 20;
/** Share of the blocks that may be off by more. */
export const TOLERANCE = 0.005;

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

export function decodePng(png: Buffer): Picture {
  const picture = UPNG.decode(Uint8Array.from(png).buffer);
  const [rgba] = UPNG.toRGBA8(picture);
  return { width: picture.width, height: picture.height, rgba: new Uint8Array(rgba ?? new ArrayBuffer(0)) };
}

/** In so few colours that forty of them are a small thing to keep. */
export function encodeSmall({ width, height, rgba }: Picture): Buffer {
  return Buffer.from(UPNG.encode([Uint8Array.from(rgba).buffer], width, height, 64));
}

/** Mean red, green and blue of each block, row by row. */
function blocks({ width, height, rgba }: Picture): number[] {
  const means: number[] = [];
  for (let top = 0; top < height; top += BLOCK) {
    for (let left = 0; left < width; left += BLOCK) {
      const sum = [0, 0, 0];
      let count = 0;
      for (let y = top; y < Math.min(height, top + BLOCK); y++) {
        for (let x = left; x < Math.min(width, left + BLOCK); x++, count++) {
          for (let k = 0; k < 3; k++) sum[k] = (sum[k] ?? 0) + (rgba[4 * (y * width + x) + k] ?? 0);
        }
      }
      means.push(...sum.map((total) => total / count));
    }
  }
  return means;
}

/** The share of blocks in which two pictures differ for the eye; 1 where their sizes do. */
export function difference(kept: Picture, seen: Picture): number {
  if (kept.width !== seen.width || kept.height !== seen.height) return 1;
  const [a, b] = [blocks(kept), blocks(seen)];
  let off = 0;
  for (let i = 0; i < a.length; i += 3) {
    if ([0, 1, 2].some((k) => Math.abs((a[i + k] ?? 0) - (b[i + k] ?? 0)) > SHADE)) off++;
  }
  return off / (a.length / 3);
}
