import { KAFKA_VERSIONS } from '../../../infra/local/versions.ts';
import { CODECS } from '../../jobs/codecs/codecs.ts';
import { PAYLOAD_FORMATS, PAYLOAD_NAMES } from '../../jobs/codecs/payload.ts';
import { OPTIONAL_PHASES, PRIORITIES, TOPIC_CODECS } from '../../jobs/codecs/request.ts';
import { REMOTE_CLIENTS } from '../../jobs/nightly/history/remote.ts';
import { METRICS } from '../../results/metrics.ts';

/** What may follow an option, or stand as an argument. */
export type Value =
  | { readonly kind: 'files' | 'folders' | 'setting' | 'free' }
  /** `list`: several, with commas between them. */
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly list: boolean };

const words = (...all: readonly string[]): Value => ({ kind: 'words', words: all, list: false });

/** Values of options whose help names them in words; those with choices of commander's need no line here. */
const BY_OPTION: Readonly<Record<string, Value>> = {
  '--set': { kind: 'setting' },
  '--codecs': { kind: 'words', words: CODECS, list: true },
  '--topic-compression': words(...TOPIC_CODECS),
  '--payload': words(...PAYLOAD_NAMES),
  '--payload-format': words(...PAYLOAD_FORMATS),
  '--priority': words(...PRIORITIES),
  '--skip': words(...OPTIONAL_PHASES),
  '--metric': words(...METRICS.map(({ key }) => key)),
  '--mode': words('kraft', 'zookeeper'),
  '--kafka-version': words(...KAFKA_VERSIONS),
  '--canary-kafka-version': words(...KAFKA_VERSIONS),
  '--history-client': words(...REMOTE_CLIENTS),
  '--records': { kind: 'files' },
  '--for': { kind: 'files' },
  '--history': { kind: 'folders' },
};

const FILES = ['file', 'workload'];
const FOLDERS = ['dir', 'run', 'base', 'candidate'];

/** What an option takes, by its choices, its name, or the word in its flags: `--command-config <file>`. */
export function valueOfOption(long: string, flags: string, choices: readonly string[] | undefined): Value {
  if (choices !== undefined) return words(...choices);
  const placeholder = /[<[]([^>\]]+)[>\]]/.exec(flags)?.[1] ?? '';
  return BY_OPTION[long] ?? valueOfArgument(placeholder, undefined);
}

export function valueOfArgument(name: string, choices: readonly string[] | undefined): Value {
  if (choices !== undefined) return words(...choices);
  return { kind: FILES.includes(name) ? 'files' : FOLDERS.includes(name) ? 'folders' : 'free' };
}
