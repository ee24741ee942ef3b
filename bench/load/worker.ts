import { loadDriver } from '../client/choose.ts';
import { ClientError } from '../client/driver.ts';
import { createClock } from '../common/clock.ts';
import { readCorpus, readKeys } from '../corpus/corpus-file.ts';
import { createConsumer } from './consume.ts';
import { Observer } from './observe.ts';
import { createProducer } from './produce.ts';
import type { Assignment, FromLoad, ProducerAssignment, ToLoad } from './protocol.ts';
import type { RecordSource } from './record-batch.ts';
import { prepareRecorder } from './recorder.ts';
import type { Role } from './role.ts';

/** Entry of a forked load process: one assignment, one role, then exit. */

const CONNECT_TIMEOUT_MS = 20_000;

const clock = createClock();
let role: Role | undefined;
let created: Promise<void> = Promise.resolve();
let observer: Observer | undefined;
let leaving = false;

function emit(message: FromLoad): void {
  // Where the coordinator is gone there is nobody to tell, and 'disconnect' below ends this process.
  if (process.connected) process.send?.(message);
}

function fail(error: unknown): void {
  const code = error instanceof ClientError ? error.code : 'ERR__FAIL';
  emit({ type: 'failed', code, message: error instanceof Error ? error.message : String(error) });
}

function sourceOf({ corpusFile, keysFile }: ProducerAssignment): RecordSource {
  return { payloads: readCorpus(corpusFile), keys: keysFile === null ? null : readKeys(keysFile) };
}

async function create(assignment: Assignment): Promise<void> {
  const driver = await loadDriver(assignment.driver);
  if (assignment.role === 'observer') {
    observer = new Observer(assignment, driver, emit);
    observer.prepare(CONNECT_TIMEOUT_MS);
    return;
  }
  await prepareRecorder();
  const context = { driver, clock, emit, connectTimeoutMs: CONNECT_TIMEOUT_MS };
  role =
    assignment.role === 'producer'
      ? createProducer(assignment, sourceOf(assignment), context)
      : createConsumer(assignment, context);
}

/** Orders that come right behind the assignment, as to a consumer that is added, wait for the role to be there. */
function order(give: (role: Role) => void): void {
  const ready = (): void => {
    if (role !== undefined) give(role);
  };
  // Where it could not be made, that has been told.
  void created.then(ready, () => {});
}

async function exit(): Promise<void> {
  leaving = true;
  await (role ?? observer)?.close();
  process.disconnect?.();
  process.exit(0);
}

function receive(message: ToLoad): void {
  switch (message.type) {
    case 'assign':
      created = create(message.assignment);
      created.then(() => role?.prepare()).catch(fail);
      break;
    case 'start':
      order((role) => role.start(message.startUs, message.endUs));
      break;
    case 'report-progress':
      order((role) => role.reportProgress?.());
      break;
    case 'stop':
      order((role) => role.stop(message.limitMs));
      break;
    case 'ask':
      void created.then(
        () => observer?.ask(message.id, message.request),
        () => {},
      );
      break;
    case 'exit':
      // A client that can't say goodbye to a dead broker must not keep the process.
      exit().catch(() => process.exit(0));
      break;
  }
}

process.on('message', receive);
// A coordinator that was killed leaves no orphans: the channel closes with it.
process.on('disconnect', () => {
  const cleanUp = leaving ? undefined : observer?.abandon();
  void Promise.resolve(cleanUp).finally(() => process.exit(0));
});
// Ctrl-C reaches the whole process group; the coordinator decides what to do about it.
process.on('SIGINT', () => {});
process.on('uncaughtException', (error) => {
  fail(error);
  process.exit(1);
});
