import { type Entry, entry, inBoth } from './entry.ts';

/** What a cell of a run comes to. */
export const CELL_VERDICTS = {
  valid: inBoth(
    ['The repeats can be trusted, and the workload sets no thresholds.', 'Read the figures.'],
    ['반복을 믿을 수 있고, 워크로드에 임계값이 없습니다.', '수치를 읽으세요.'],
  ),
  pass: inBoth(
    ['The repeats can be trusted, and every threshold holds.', 'Nothing to do.'],
    ['반복을 믿을 수 있고, 모든 임계값을 만족했습니다.', '할 일이 없습니다.'],
  ),
  breach: inBoth(
    [
      'The repeats can be trusted, and a threshold does not hold (exit status 4).',
      'See which threshold under the table.',
    ],
    [
      '반복을 믿을 수 있지만, 만족하지 못한 임계값이 있습니다(종료 코드 4).',
      '표 아래에서 어떤 임계값인지 확인하세요.',
    ],
  ),
  'no data': inBoth(
    [
      'A threshold asks for a figure that was not measured, such as a percentile of too few samples.',
      'Lengthen load.duration, or ask for a lower percentile.',
    ],
    [
      '임계값에 필요한 수치가 측정되지 않았습니다(예: 표본이 적은 백분위수).',
      'load.duration을 늘리거나 더 낮은 백분위수를 쓰세요.',
    ],
  ),
  invalid: inBoth(
    [
      'No repeat can be trusted; the reasons are under the table (exit status 3).',
      'Explain a reason by its code: `ksweep explain not-sustained`.',
    ],
    [
      '믿을 수 있는 반복이 없습니다. 이유는 표 아래에 있습니다(종료 코드 3).',
      '이유 코드를 `ksweep explain not-sustained`처럼 설명받을 수 있습니다.',
    ],
  ),
  failed: inBoth(
    [
      'A repeat ended with an error, and there is no measurement (exit status 2).',
      'Read the cause under the table, then continue with `ksweep run --resume DIR`.',
    ],
    [
      '반복이 오류로 끝나 측정값이 없습니다(종료 코드 2).',
      '표 아래의 원인을 확인하고 `ksweep run --resume 폴더`로 이어서 하세요.',
    ],
  ),
  'not run': inBoth(
    ['No repeat of this cell has run yet.', 'Continue with `ksweep run --resume DIR`.'],
    ['이 셀의 반복이 아직 실행되지 않았습니다.', '`ksweep run --resume 폴더`로 이어서 하세요.'],
  ),
} as const satisfies Readonly<Record<string, Entry>>;

/** What a comparison of two runs, or of two cells, comes to. */
export const COMPARISON_VERDICTS = {
  regressed: entry(
    'The candidate is worse, beyond chance and by more than the difference that matters (exit status 5).',
    'Find what changed, and compare again after it is fixed.',
  ),
  improved: entry(
    'The candidate is better, beyond chance and by more than the difference that matters.',
    'Keep the change.',
  ),
  equivalent: entry(
    'The whole confidence interval lies within the difference that matters.',
    'Choose by something else.',
  ),
  inconclusive: entry(
    'The interval is too wide to say.',
    'Measure more repeats; the number that would probably do is beside the verdict.',
  ),
} as const satisfies Readonly<Record<string, Entry>>;

/** What a series of nights comes to. */
export const NIGHT_VERDICTS = {
  steady: entry('The level is that of the nights before.', 'Nothing to do.'),
  learning: entry('There are too few nights for a verdict.', 'Wait for more nights.'),
  warning: entry(
    'The level moved the wrong way, and the nights so far do not confirm it.',
    'Wait for the next night, or look at `ksweep history explain SERIES`.',
  ),
  environment: entry(
    'The canary moved in the same way, so the machine or network changed, and not what is tested.',
    'Look for what changed around the test.',
  ),
  missing: entry(
    'Tonight there is no figure for this series.',
    'See why its repeats were invalid or failed.',
  ),
} as const satisfies Readonly<Record<string, Entry>>;

/** What ended a search for the highest rate. */
export const SEARCH_LIMITS = {
  cluster: entry(
    'The cluster failed a criterion at the rate above the answer.',
    'This is the cluster’s limit.',
  ),
  generator: entry(
    'The load generator was the limit, so the cluster may carry more.',
    'Add producers or load hosts, and search again.',
  ),
  range: entry(
    'The highest rate that the search was allowed was still sustained.',
    'Raise load.rate.search.max.',
  ),
  probes: entry(
    'The search used all its probes before the interval was narrow enough.',
    'Raise load.rate.search.maxProbes.',
  ),
  time: entry(
    'The search used all its time before the interval was narrow enough.',
    'Raise load.rate.search.maxTime.',
  ),
} as const satisfies Readonly<Record<string, Entry>>;
