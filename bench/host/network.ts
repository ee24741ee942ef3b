import type { HostFiles } from './files.ts';

/** Counters of one interface, so far (/proc/net/dev, proc_pid_net(5)). */
export interface InterfaceCounters {
  readonly name: string;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  /** Packets dropped or in error, both directions. */
  readonly dropped: number;
}

export interface NetworkState {
  readonly interfaces: readonly InterfaceCounters[];
  /** TCP segments sent again, so far; null where it is not told. */
  readonly retransmitted: number | null;
}

/** Reads the interfaces of this network namespace; empty where there is no /proc/net. */
export function readNetwork(files: HostFiles): NetworkState {
  const lines = (files.read('proc/net/dev') ?? '').split('\n').slice(2);
  const interfaces = lines.flatMap((line): InterfaceCounters[] => {
    const colon = line.indexOf(':');
    if (colon < 0) return [];
    const at = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/)
      .map(Number);
    const [
      receivedBytes,
      ,
      receiveErrors = 0,
      receiveDrops = 0,
      ,
      ,
      ,
      ,
      sentBytes,
      ,
      sendErrors = 0,
      sendDrops = 0,
    ] = at;
    if (receivedBytes === undefined || sentBytes === undefined) return [];
    return [
      {
        name: line.slice(0, colon).trim(),
        receivedBytes,
        sentBytes,
        dropped: receiveErrors + receiveDrops + sendErrors + sendDrops,
      },
    ];
  });
  return { interfaces, retransmitted: tcpCounter(files, 'RetransSegs') };
}

/** One of TCP's counters in /proc/net/snmp, whose first line of two has the names. */
function tcpCounter(files: HostFiles, name: string): number | null {
  const [names, values] = (files.read('proc/net/snmp') ?? '')
    .split('\n')
    .filter((line) => line.startsWith('Tcp:'));
  const index = names?.split(' ').indexOf(name) ?? -1;
  const value = Number(values?.split(' ')[index]);
  return index < 0 || !Number.isFinite(value) ? null : value;
}

/** The largest socket buffers that a program may ask for, bytes; null where it is not told. */
export function readSocketLimits(files: HostFiles): {
  readonly receive: number | null;
  readonly send: number | null;
} {
  const of = (name: string): number | null => {
    const value = Number(files.read(`proc/sys/net/core/${name}`) ?? Number.NaN);
    return Number.isFinite(value) ? value : null;
  };
  return { receive: of('rmem_max'), send: of('wmem_max') };
}
