import { PassThrough, Writable } from 'node:stream';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import {
  FRAME_BYTES,
  FrameError,
  FrameReader,
  FrameWriter,
  framesOf,
} from '../../../../bench/load/agent/frames.ts';
import { suite } from '../../../support/suite.ts';

const test = suite('frames');

const bytesOf = (message: unknown, urgent = false): Buffer => Buffer.concat([...framesOf(message, urgent)]);

test('what was framed comes out again, however the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.record({ type: fc.string(), at: fc.double({ noNaN: true }) }, { noNullPrototype: true }),
          fc.uint8Array({ maxLength: 200_000 }).map((bits) => ({ bits })),
        ),
        { maxLength: 5 },
      ),
      fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1 }),
      (messages, cuts) => {
        const bytes = Buffer.concat(messages.map((message) => bytesOf(message)));
        const reader = new FrameReader();
        const got: unknown[] = [];
        for (let from = 0, i = 0; from < bytes.length; i++) {
          const to = from + (cuts[i % cuts.length] as number);
          got.push(...reader.push(bytes.subarray(from, to)));
          from = to;
        }
        assert.equal(got, messages);
      },
    ),
    { numRuns: 60 },
  );
});

test('columns of doubles and bitmaps keep their kinds', () => {
  const message = { failed: new Float64Array([1, 2.5]), seen: [{ producer: 0, bits: new Uint8Array([7]) }] };
  assert.equal(new FrameReader().push(bytesOf(message)), [message]);
});

test('a heartbeat goes between the frames of a large message', async () => {
  const through = new PassThrough({ highWaterMark: FRAME_BYTES });
  const writer = new FrameWriter(through);
  writer.send({ bits: new Uint8Array(20 * FRAME_BYTES) });
  writer.send({ type: 'ping' }, true);
  const reader = new FrameReader();
  const order: string[] = [];
  for await (const bytes of through) {
    for (const message of reader.push(bytes as Buffer)) {
      order.push((message as { type?: string }).type ?? 'bitmap');
    }
    if (order.length === 2) break;
  }
  assert.equal(order, ['ping', 'bitmap']);
});

test('a writer holds no more in its stream than that takes', () => {
  let written = 0;
  const slow = new Writable({
    highWaterMark: 1,
    write(bytes: Buffer) {
      written += bytes.length;
    },
  });
  new FrameWriter(slow).send({ bits: new Uint8Array(20 * FRAME_BYTES) });
  assert.ok(written <= FRAME_BYTES + 5, `${written}`);
});

test('garbage is an error that shows it', () => {
  assert.throws(
    () => new FrameReader().push(Buffer.from('Last login: Mon\u001b[31m')),
    (error: unknown) => error instanceof FrameError && /"Last login: Mon \[31m"/.test(error.message),
  );
  assert.throws(() => new FrameReader().push(Buffer.from([0, 0, 0, 0, 1])), /no frame/);
  assert.throws(() => new FrameReader().push(Buffer.from([0, 1, 0, 1, 1])), /no frame/);
  assert.throws(() => new FrameReader().push(Buffer.from([0, 0, 0, 1, 1, 65])), /cannot be read/);
});

test.run();
