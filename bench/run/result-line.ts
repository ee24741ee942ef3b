import { green, red, yellow } from '../common/terminal.ts';
import { reasonText } from '../messages/explain/reason-text.ts';
import { text } from '../messages/texts.ts';
import type { RepeatResult } from '../results/result.ts';

/** One repeat in a line, for people. */
export function resultLine(result: RepeatResult, label: string): string {
  const again = result.attempt > 0 ? ` (attempt ${result.attempt + 1})` : '';
  const reasons = result.reasons.map(reasonText).join('; ');
  const told = result.outcome === 'failed' ? reasons : figures(result);
  const why = result.outcome === 'invalid' ? ` (${reasons})` : '';
  const paint = { valid: green, invalid: yellow, failed: red }[result.outcome];
  const mark = paint(text(`verdict.${result.outcome}`));
  return `${mark}  ${label} · block ${result.block}${again}: ${told}${stolen(result)}${why}`;
}

function figures({ search, rate, latencyUs }: RepeatResult): string {
  if (search !== undefined) {
    const [low, high] = [search.lowPerSec, search.highPerSec].map((bound) =>
      bound === null ? '–' : Math.round(bound),
    );
    const why = search.failed.length > 0 ? `; at ${high}/s: ${search.failed.join(', ')}` : '';
    return `sustains ${low} to ${high} records/s in ${search.probes.length} probes, limited by ${search.limitedBy}${why}`;
  }
  const p99 = latencyUs['due-to-ack']?.percentilesUs.p99 ?? null;
  const perSec = rate.kind === 'consume' ? rate.receivedPerSec : rate.achievedPerSec;
  return `${Math.round(perSec)}/s${p99 === null ? '' : `, due→ack p99 ${(p99 / 1000).toFixed(1)} ms`}`;
}

/** Said where it is worth a thought, whatever the verdict. */
function stolen({ hosts = [] }: RepeatResult): string {
  const most = Math.max(0, ...hosts.map(({ stolenPercent }) => stolenPercent ?? 0));
  return most >= 1 ? `, ${most.toFixed(0)} % of the host’s CPU time stolen` : '';
}
