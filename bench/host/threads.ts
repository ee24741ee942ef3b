import type { HostFiles } from './files.ts';

/** How long the threads of a process have run and have waited for a processor, µs (proc(5), sched-stats). */
export interface ThreadTimes {
  readonly runUs: number;
  /** Ready to run, and not run: the processors were busy with others. */
  readonly waitUs: number;
  readonly threads: number;
}

/** Sums /proc/PID/task/TID/schedstat; null where the kernel keeps none, or the process is gone. */
export function readThreadTimes(files: HostFiles, pid: number | 'self'): ThreadTimes | null {
  let [runUs, waitUs, threads] = [0, 0, 0];
  for (const tid of files.list(`proc/${pid}/task`)) {
    const [run, wait] = (files.read(`proc/${pid}/task/${tid}/schedstat`) ?? '').trim().split(' ').map(Number);
    if (run === undefined || wait === undefined || !Number.isFinite(run) || !Number.isFinite(wait)) continue;
    runUs += run / 1000;
    waitUs += wait / 1000;
    threads++;
  }
  return threads === 0 ? null : { runUs, waitUs, threads };
}
