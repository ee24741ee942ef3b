import { randomBytes } from 'node:crypto';
import { KsweepError } from '../../common/errors.ts';
import { redact } from '../../common/redact.ts';
import type { Agents } from '../../load/agent/agents.ts';
import type { RunFolder } from '../../results/folder.ts';
import { differencesBetween, groundOfOneRun } from '../../results/ground.ts';
import { type Against, MANIFEST_SCHEMA_VERSION, type Manifest } from '../../results/manifest.ts';
import type { Plan } from '../../workload/plan.ts';
import type { Workload } from '../../workload/schema.ts';
import { type Corpora, describeCorpora } from '../measure/corpora.ts';
import type { Session } from '../session.ts';
import { describeEnvironment } from './environment.ts';
import { pinnedOf } from './pinned.ts';

/** Where a workload came from: for the manifest, for payload paths, and to tell whether a resumed run is the same. */
export interface WorkloadSource {
  readonly file: string | null;
  /** Digest of the resolved workload, --set values included. */
  readonly sha256: string;
  readonly set: readonly string[];
  readonly baseDir: string;
  /** What the workload asks; null or absent where nobody wrote it. */
  readonly question?: string | null;
}

export function newManifest(
  session: Session,
  run: {
    readonly workload: Workload;
    readonly plan: Plan;
    readonly source: WorkloadSource;
    readonly command: string;
    readonly against?: Against;
  },
  corpora: Corpora,
): Manifest {
  const { workload, plan, source } = run;
  const createdAt = new Date().toISOString();
  return {
    schemaVersion: MANIFEST_SCHEMA_VERSION,
    runId: `${createdAt.slice(0, 19).replaceAll(/[-:T]/g, '')}-${randomBytes(3).toString('hex')}`,
    name: workload.name,
    createdAt,
    finishedAt: null,
    workload: workload as unknown as Record<string, unknown>,
    workloadFile: source.file,
    ...(source.question == null ? {} : { question: source.question }),
    workloadSha256: source.sha256,
    set: [...source.set],
    seed: plan.seed,
    blocks: workload.repeats,
    cells: plan.cells.map(({ id, label, settings }) => ({ id, label, settings: { ...settings } })),
    excluded: plan.excluded.map(({ settings, reason }) => ({ settings: { ...settings }, reason })),
    ...pinnedOf(plan.cells),
    environment: describeEnvironment(session.versions),
    ...loadHostsOf(session),
    cluster: { ...session.cluster.info, brokers: session.brokers },
    corpus: describeCorpora(corpora),
    thresholds: workload.thresholds,
    command: run.command,
    ...(plan.design === undefined ? {} : { design: plan.design }),
    ...(run.against === undefined ? {} : { against: run.against }),
  };
}

/**
 * The manifest of a run to resume. Throws run-folder-invalid where workload, plan or payloads are no longer the same,
 * not-comparable where the cluster or the load generator's host is another.
 */
export async function resumedManifest(
  session: Session,
  folder: RunFolder,
  plan: Plan,
  source: WorkloadSource,
  corpora: Corpora,
): Promise<Manifest> {
  const manifest = await folder.readManifest();
  const planned = (await folder.readPlan()).filter((line) => line.type === 'planned');
  const samePlan =
    planned.length === plan.repeats.length &&
    planned.every(
      (line, i) => line.cellId === plan.repeats[i]?.cellId && line.seed === plan.repeats[i]?.seed,
    );
  if (manifest.workloadSha256 !== source.sha256 || !samePlan) {
    throw new KsweepError(
      'run-folder-invalid',
      `${folder.dir} was made with another workload or other --set values`,
      {
        hint: `give the same ones again: ${manifest.command}`,
      },
    );
  }
  // What the folder holds was redacted when it was written.
  if (JSON.stringify(manifest.corpus) !== JSON.stringify(redact(describeCorpora(corpora)))) {
    throw new KsweepError('run-folder-invalid', 'the payloads are no longer those that the run began with', {
      hint: 'put the payload file back as it was, or start a new run',
    });
  }
  refuseOtherGround(manifest, session);
  return manifest;
}

interface WithHosts {
  readonly agents: Pick<Agents, 'hosts' | 'told'>;
}

const loadHostsOf = ({ agents: { hosts, told } }: WithHosts): Pick<Manifest, 'loadHosts'> =>
  hosts.length === 0 ? {} : { loadHosts: [...told] };

/** One folder holds figures of one cluster and one host: its manifest names them once. */
export function refuseOtherGround(
  manifest: Pick<Manifest, 'environment' | 'cluster' | 'loadHosts'>,
  session: Pick<Session, 'versions' | 'cluster' | 'brokers'> & WithHosts,
): void {
  const now = groundOfOneRun({
    environment: describeEnvironment(session.versions),
    ...loadHostsOf(session),
    cluster: { ...session.cluster.info, brokers: session.brokers },
  });
  const details = differencesBetween(groundOfOneRun(manifest), now);
  if (details.length === 0) return;
  throw new KsweepError('not-comparable', 'the run did not begin on this cluster and this host', {
    details,
    hint: 'continue where it began, or start a new run here',
  });
}
