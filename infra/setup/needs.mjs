// Whether a ksweep command line starts a Kafka of its own, and so needs what runs one. Pure.

/** @param {readonly string[]} args what follows `npm start --`; none runs the quickstart on a local Kafka */
export function startsKafka(args) {
  if (args.length === 0) return true;
  if (['--help', '-h'].some((flag) => args.includes(flag))) return false;
  return args.includes('--local') || (args[0] === 'cluster' && args[1] === 'up');
}
