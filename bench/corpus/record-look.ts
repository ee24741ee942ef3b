/** Whether records look like what a producer would send, or like parts of it. */

/** Records looked at for whole JSON. */
const SAMPLE = 500;
const SMALL_BYTES = 32;

const count = (value: number): string => value.toLocaleString('en-US');

/** Sizes of records in a sentence: how many, and how large. */
export function describeSizes(lengths: Uint32Array): string {
  const sorted = Uint32Array.from(lengths).sort();
  const [least, middle, most] = [sorted[0] ?? 0, sorted[sorted.length >> 1] ?? 0, sorted.at(-1) ?? 0];
  const sizes =
    least === most
      ? `${count(least)} B each`
      : `${count(least)} to ${count(most)} B, median ${count(middle)} B`;
  return `${count(lengths.length)} ${lengths.length === 1 ? 'record' : 'records'} of ${sizes}`;
}

function isJson(record: Buffer): boolean {
  try {
    JSON.parse(record.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/** What lines look like where they are not records, each with the option that mends it. */
export function fragmentWarnings(records: readonly Buffer[], lengths: Uint32Array): string[] {
  const warnings: string[] = [];
  const first = records[0]?.toString('utf8').trimStart() ?? '';
  const sample = records.slice(0, SAMPLE);
  const whole = sample.filter(isJson).length;
  const use = 'records.payload.format: json (--payload-format json) reads each value as a record';
  if (/^[[{]/.test(first) && sample.length > 1 && whole < sample.length / 2) {
    warnings.push(
      `${sample.length - whole} of the first ${sample.length} lines are not complete JSON: this looks like values over several lines; ${use}`,
    );
  } else if (
    sample.length <= 3 &&
    sample.some((record) => isJson(record) && record.toString('utf8').trimStart().startsWith('['))
  ) {
    warnings.push(`a line is a JSON list as a whole, and would be one record; ${use}`);
  }
  const sorted = Uint32Array.from(lengths).sort();
  const median = sorted[sorted.length >> 1] ?? 0;
  if (median < SMALL_BYTES && warnings.length === 0) {
    warnings.push(
      `half of the lines are shorter than ${SMALL_BYTES} B (median ${median} B): if they are parts of records, records.payload.format says what a record is (--payload-format: lines, json, length-prefixed, folder)`,
    );
  }
  return warnings;
}
