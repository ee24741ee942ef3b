// Which test files there are to run. Pure: lists of paths in, lists of paths out.

/** Compiled files whose source is gone. Paths start with test/ in both lists. */
export function removeStale(compiled, sources) {
  const known = new Set(sources);
  return compiled.filter((path) => {
    const source = path.replace(/\.js(\.map)?$/, '.ts');
    return source !== path && !known.has(source);
  });
}

/**
 * The files that failed, by the runner's names of what failed; all of them where a name is of none.
 * @param {string[]} files paths that start with test/
 * @param {string[]} names
 */
export function failedFiles(files, names) {
  const found = names.map((name) => files.find((file) => name.replaceAll('\\', '/').endsWith(file)));
  return found.includes(undefined) ? files : files.filter((file) => found.includes(file));
}

/** The files that take longest, begun first: the last one to begin is then a short one. */
const LONGEST = [
  'kafka/run/plan',
  'kafka/run/records',
  'kafka/resilience',
  'kafka/local-cluster',
  'kafka/client-conformance',
  'kafka/codecs',
  'kafka/security',
];
const rank = (path) => {
  const found = LONGEST.findIndex((part) => path.replaceAll('\\', '/').includes(part));
  return found < 0 ? LONGEST.length : found;
};

/**
 * More files at a time than there are cores: those with processes or a real Kafka wait more than they compute. What
 * judges the shape of a latency has the machine to itself.
 * @param {string[]} compiled paths that start with test/
 * @param {string[]} filters parts of paths; none means all
 */
export function selectTests(compiled, filters) {
  const wanted = compiled
    .filter((path) => /^test[\\/](unit|process|kafka|infra)[\\/].*\.test\.js$/.test(path))
    .filter((path) => !/^test[\\/]infra[\\/](nspawn|playbooks|namespaces|real-npm)/.test(path))
    .filter((path) => filters.length === 0 || filters.some((part) => path.includes(part)))
    .sort();
  const inFolder = (folder) => wanted.filter((path) => path.split(/[\\/]/)[1] === folder);
  const alone = (path) => /[\\/]honest\.test\.js$/.test(path);
  const kafka = inFolder('kafka');
  // Node would run one file at a time on two cores.
  return [
    { name: 'unit', files: inFolder('unit'), concurrency: 2, timeoutMs: 240_000 },
    {
      name: 'process and infra',
      files: [...inFolder('infra'), ...inFolder('process')],
      concurrency: 3,
      timeoutMs: 480_000,
    },
    // Brokers, load and other files share the cores: what fails among them is tried once more by itself, and told.
    {
      name: 'kafka',
      files: kafka.filter((path) => !alone(path)).sort((a, b) => rank(a) - rank(b)),
      concurrency: 3,
      timeoutMs: 480_000,
      again: true,
      brokers: 3,
    },
    { name: 'kafka, alone', files: kafka.filter(alone), concurrency: 1, timeoutMs: 480_000, again: true },
  ];
}
