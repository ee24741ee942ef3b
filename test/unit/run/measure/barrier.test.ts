import * as assert from 'uvu/assert';
import type { ToLoad } from '../../../../bench/load/protocol.ts';
import { type Clocks, type Starter, startTogether } from '../../../../bench/run/measure/barrier.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('a start across hosts');

/** Hosts in a world whose time only moves while the barrier waits. */
class World {
  nowUs = 0;
  readonly starters: Starter[] = [];
  readonly orders: { readonly host: string; readonly message: ToLoad }[] = [];
  readonly clocks: Clocks;

  /** @param offsets µs of each host's clock less this one's */
  constructor(offsets: Readonly<Record<string, number>>, roundTripUs = 1_000) {
    this.clocks = {
      relate: async () => {},
      nowUs: () => this.nowUs,
      there: (host, us) => us + (offsets[host ?? ''] ?? 0),
      roundTripUs,
    };
  }

  /** @param answer what it says to an order, by how many it has had */
  add(
    host: string,
    answer: (message: ToLoad, orders: number) => { armed?: boolean; disarmed?: boolean },
  ): void {
    let orders = 0;
    const starter: Starter = {
      assignment: { host },
      armed: null,
      disarmed: null,
      generator: {
        name: `producer-${this.starters.length}`,
        send: (message) => {
          this.orders.push({ host, message });
          Object.assign(starter, answer(message, orders++));
        },
      },
    };
    this.starters.push(starter);
  }

  start(): Promise<number> {
    const wait = async (condition: () => boolean, limitMs: number): Promise<boolean> => {
      if (!condition()) this.nowUs += limitMs * 1000;
      return condition();
    };
    return startTogether(this.starters, this.clocks, 10_000, { wait });
  }
}

const prompt = (message: ToLoad) => (message.type === 'arm' ? { armed: true } : { disarmed: false });

test('one second ahead, and by each host’s own clock', async () => {
  const world = new World({ a: 5e6, b: -3e9 });
  world.add('a', prompt);
  world.add('b', prompt);
  assert.is(await world.start(), 1e6);
  assert.equal(
    world.orders.map(({ message }) => message),
    [
      { type: 'arm', startUs: 6e6, endUs: 16e6 },
      { type: 'arm', startUs: 1e6 - 3e9, endUs: 11e6 - 3e9 },
    ],
  );
});

test('five round trips ahead where the way is long', async () => {
  const world = new World({}, 600_000);
  world.add('a', prompt);
  assert.is(await world.start(), 3e6);
});

test('taken back and given again where one has not answered in time, and where one was too late', async () => {
  for (const slow of [{}, { armed: false }]) {
    const world = new World({});
    world.add('a', prompt);
    world.add('b', (message, orders) => (message.type === 'arm' && orders === 0 ? slow : prompt(message)));
    const startUs = await world.start();
    assert.equal(
      world.orders.map(({ host, message }) => `${host} ${message.type}`),
      ['a arm', 'b arm', 'a disarm', 'b disarm', 'a arm', 'b arm'],
    );
    assert.ok(startUs >= world.nowUs + 2e6);
  }
});

test('whoever had begun when it was taken back ends it, by name', async () => {
  const world = new World({});
  world.add('a', prompt);
  world.add('b', (message) => (message.type === 'arm' ? {} : { disarmed: true }));
  let said = '';
  await world.start().catch((error: Error) => {
    said = error.message;
  });
  assert.match(said, /could not be started together: producer-1 on load host b answered too late/);
});

test('it is not tried for ever', async () => {
  const world = new World({});
  world.add('a', (message) => (message.type === 'arm' ? { armed: false } : { disarmed: false }));
  let said = '';
  await world.start().catch((error: Error) => {
    said = error.message;
  });
  assert.match(said, /producer-0 on load host a/);
  assert.is(world.orders.filter(({ message }) => message.type === 'arm').length, 4);
});

test.run();
