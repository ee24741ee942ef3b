import { forShareGroup } from '../../client/properties/share-group.ts';
import { translateConsumer, translateProducer } from '../../client/properties/translate.ts';
import type { Scalar } from '../../common/scalar.ts';
import type { Manifest } from '../../results/manifest.ts';
import type { Cell } from '../../workload/plan.ts';

type Pins = Readonly<Record<string, Scalar>>;
type PinnedByRole = Manifest['pinned'];

function consumerPins({ consumer, consumers }: Cell['workload']): Pins {
  const { pinned } = translateConsumer(consumer);
  return consumers.type === 'share' ? forShareGroup(pinned) : pinned;
}

/** What every one of them pins to the same value. */
function common(all: readonly Pins[]): Record<string, Scalar> {
  const [first = {}, ...others] = all;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((one) => one[name] === value)),
  );
}

const without = (pins: Pins, shared: Pins): Record<string, Scalar> =>
  Object.fromEntries(Object.entries(pins).filter(([name]) => !Object.hasOwn(shared, name)));

/**
 * What was pinned because nobody set it: in all cells, and beyond that by cell. A cell that sweeps a setting pins
 * nothing for it, and one setting can decide on the pin of another (acks=1 turns idempotence off).
 */
export function pinnedOf(cells: readonly Cell[]): Pick<Manifest, 'pinned' | 'pinnedByCell'> {
  const own = cells.map(({ id, workload }) => ({
    id,
    producer: translateProducer(workload.producer).pinned,
    consumer: consumerPins(workload),
  }));
  const pinned: PinnedByRole = {
    producer: common(own.map(({ producer }) => producer)),
    consumer: common(own.map(({ consumer }) => consumer)),
  };
  const differing = own.flatMap(({ id, producer, consumer }): [string, PinnedByRole][] => {
    const more = {
      producer: without(producer, pinned.producer),
      consumer: without(consumer, pinned.consumer),
    };
    return Object.keys(more.producer).length + Object.keys(more.consumer).length === 0 ? [] : [[id, more]];
  });
  return differing.length === 0 ? { pinned } : { pinned, pinnedByCell: Object.fromEntries(differing) };
}
