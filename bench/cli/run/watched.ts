import type { StatusLine } from '../../common/terminal.ts';
import { hostFiles } from '../../host/files.ts';
import { HostWatch } from '../../host/watch.ts';
import { LiveView } from '../../run/live/live-view.ts';

/** The details that a person at a terminal sees of a run under way; null where nobody would see them. */
export function watchedBy(status: StatusLine): (LiveView & { stop(): void }) | null {
  if (!status.isLive) return null;
  const view = new LiveView();
  const host = new HostWatch(
    hostFiles(),
    () => performance.now() * 1000,
    () => [],
    (second) => view.onHost(second),
  );
  return Object.assign(view, { stop: () => host.stop() });
}
