import { hostFiles } from '../host/files.ts';
import { takeSample } from '../host/sample.ts';
import { secondBetween } from '../host/second.ts';
import { median } from '../stats/describe.ts';
import { line, range } from './print.ts';

export const ROUNDS = Number(process.env['KSWEEP_SELF_ROUNDS'] ?? 7);
/** A round that lost more of the processors' time to the hypervisor is made again, */
const MAX_STOLEN = 0.05;
/** up to so many times: on a machine that is never calm the figures are printed beside what was taken. */
const MAX_REPEATS = 2;

/** What a contender did. */
export interface Measured {
  readonly ratePerSec: number;
  /** CPU of its process, s a million records; null where it was not measured. */
  readonly cpuSecPerMillion: number | null;
}

export interface Circumstances {
  readonly stolen: number | null;
  readonly cpuPressure: number | null;
}

const percent = (share: number | null): string => (share === null ? '?' : `${(share * 100).toFixed(1)} %`);

const monotonicUs = (): number => Number(process.hrtime.bigint()) / 1000;

/** Runs a round, again where too much was stolen from it, and says on stderr what the host was like meanwhile. */
export async function round<T>(
  name: string,
  index: number,
  run: () => Promise<T>,
): Promise<{ readonly value: T; readonly host: Circumstances }> {
  const files = hostFiles();
  for (let repeat = 0; ; repeat++) {
    const before = takeSample(files, monotonicUs(), []);
    const value = await run();
    const { stolenShare: stolen, pressureShare } = secondBetween(
      before,
      takeSample(files, monotonicUs(), []),
    );
    const again = (stolen ?? 0) > MAX_STOLEN && repeat < MAX_REPEATS;
    console.error(
      `${name}, round ${index + 1}: stolen ${percent(stolen)}, CPU pressure ${percent(pressureShare.cpu)}${again ? ', again' : ''}`,
    );
    if (!again) return { value, host: { stolen, cpuPressure: pressureShare.cpu } };
  }
}

const cpuOf = (all: readonly Measured[]): number | null => {
  const known = all.map(({ cpuSecPerMillion }) => cpuSecPerMillion).filter((cpu) => cpu !== null);
  return known.length === 0 ? null : median(known);
};

/** Runs two contenders in turn, so that both meet the machine's slow and fast moments, and prints the median ratio. */
export async function versus(
  name: string,
  /** Lowest ratio of rates; null: printed only. */
  target: number | null,
  own: () => Promise<Measured>,
  peer: () => Promise<Measured>,
  /** Highest ratio of CPU seconds; absent where they are not compared. */
  cpuTarget?: number,
): Promise<void> {
  const rounds: { own: Measured; peer: Measured }[] = [];
  for (let index = 0; index < ROUNDS; index++) {
    const ownFirst = index % 2 === 0;
    const { value } = await round(name, index, async () => {
      const first = await (ownFirst ? own() : peer());
      const second = await (ownFirst ? peer() : own());
      return ownFirst ? { own: first, peer: second } : { own: second, peer: first };
    });
    rounds.push(value);
  }
  const ratios = rounds.map((one) => one.own.ratePerSec / one.peer.ratePerSec);
  const ratio = median(ratios);
  const rateOf = (side: 'own' | 'peer'): number =>
    Math.round(median(rounds.map((one) => one[side].ratePerSec)) / 1000);
  line(
    `${name} (${rateOf('own')} k/s : ${rateOf('peer')} k/s)`,
    `${ratio.toFixed(2)} × [${range(ratios)}]`,
    target === null ? undefined : { text: `≥ ${target.toFixed(2)} ×`, met: ratio >= target },
  );
  const [ownCpu, peerCpu] = [cpuOf(rounds.map((one) => one.own)), cpuOf(rounds.map((one) => one.peer))];
  if (cpuTarget === undefined || ownCpu === null || peerCpu === null) return;
  line(
    `  CPU s a million records (${ownCpu.toFixed(2)} : ${peerCpu.toFixed(2)})`,
    `${(ownCpu / peerCpu).toFixed(2)} ×`,
    { text: `≤ ${cpuTarget.toFixed(2)} ×`, met: ownCpu / peerCpu <= cpuTarget },
  );
}
