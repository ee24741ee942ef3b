import { createHash } from 'node:crypto';
import { KsweepError } from '../../bench/common/errors.ts';
import { nearest } from '../../bench/common/nearest.ts';
import { readText } from '../../bench/common/read-text.ts';
import { type Problem, problemsOf } from '../../bench/common/yaml/issues.ts';
import { keysIn } from '../../bench/common/yaml/keys.ts';
import { parseYaml, type YamlSource } from '../../bench/common/yaml/yaml-source.ts';
import { type Catalog, loadCatalog } from '../catalog/catalog.ts';
import { type ClusterSpec, clusterSpecSchema, ROLES, type RoleName, type RoleSpec } from './spec-schema.ts';

export interface LoadedSpec {
  readonly file: string;
  readonly spec: ClusterSpec;
  /** Of the checked content: a journal of another one is not gone on with. */
  readonly sha256: string;
}

/** The roles that a spec has, in the order of launching. */
export function rolesOf(spec: ClusterSpec): { readonly name: RoleName; readonly role: RoleSpec }[] {
  return ROLES.flatMap((name) => {
    const role = spec.roles[name];
    return role === undefined ? [] : [{ name, role }];
  });
}

/** Reads and checks a cluster's file, with every problem found at once. Throws spec-invalid. */
export function loadSpec(file: string, catalog: Catalog = loadCatalog()): LoadedSpec {
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    throw new KsweepError('spec-invalid', `${file} cannot be read: ${(error as Error).message}`, {
      hint: 'shipped ones are in infra/clusters/',
    });
  }
  const yaml = yamlOf(file, text);
  const parsed = clusterSpecSchema.safeParse(yaml.value);
  const problems = parsed.success
    ? specProblems(parsed.data, catalog)
    : problemsOf(parsed.error.issues, yaml.value, (path) => keysIn(clusterSpecSchema, path));
  if (!parsed.success || problems.length > 0) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    throw new KsweepError('spec-invalid', `${file} has ${count}`, {
      details: problems.map(
        (problem) =>
          `${yaml.locate(problem.path, problem.at)}: ${problem.path.join('.') || '(top level)'}: ${problem.message}`,
      ),
    });
  }
  const sha256 = createHash('sha256').update(JSON.stringify(parsed.data)).digest('hex');
  return { file, spec: parsed.data, sha256 };
}

function yamlOf(file: string, text: string): YamlSource {
  try {
    return parseYaml(file, text);
  } catch (error) {
    if (!(error instanceof KsweepError)) throw error;
    throw new KsweepError('spec-invalid', error.message, { details: error.details });
  }
}

/** A company's network may be this wide; what is wider is not one operator's. */
const WIDEST_CIDR = 16;

/** What the schema cannot say: architecture, quorum, what AWS forbids. */
export function specProblems(spec: ClusterSpec, catalog: Catalog): Problem[] {
  const problems: Problem[] = [];
  const add = (path: readonly (string | number)[], message: string): void => {
    problems.push({ path, at: 'value', message });
  };
  const { mode, version } = spec.kafka;
  const { controller, zookeeper, broker } = spec.roles;

  for (const [index, zone] of spec.zones.entries()) {
    if (!zone.startsWith(spec.region)) add(['zones', index], `"${zone}" is not in ${spec.region}`);
  }
  const bits = Number(spec.operatorCidr.split('/')[1]);
  if (bits < WIDEST_CIDR && !spec.operatorCidrWide) {
    const addresses = (2 ** (32 - bits)).toLocaleString('en-US');
    add(
      ['operatorCidr'],
      `would open ssh to ${addresses} addresses; give your own with /32, or set operatorCidrWide: true where that is meant`,
    );
  }
  if (mode === 'zookeeper') {
    if (zookeeper === undefined) add(['roles'], 'kafka.mode zookeeper needs a role zookeeper');
    if (controller !== undefined)
      add(['roles', 'controller'], 'KRaft controllers, but kafka.mode is zookeeper');
    if (version !== undefined && Number(version.split('.')[0]) >= 4) {
      add(['kafka', 'version'], `Kafka ${version} has no ZooKeeper mode; 3.9 is the last line that has it`);
    }
  } else if (zookeeper !== undefined) {
    add(['roles', 'zookeeper'], 'ZooKeeper servers, but kafka.mode is kraft');
  }
  for (const name of ['controller', 'zookeeper'] as const) {
    const count = spec.roles[name]?.count;
    if (count !== undefined && count % 2 === 0) {
      add(
        ['roles', name, 'count'],
        `a quorum of ${count} survives no more failures than ${count - 1}; give an odd number`,
      );
    }
  }
  if (mode === 'kraft' && controller === undefined && broker.count === 2) {
    add(['roles', 'broker', 'count'], 'two brokers that also vote stop when one does; give 1 or at least 3');
  }

  const names = new Map<string, RoleName>();
  for (const { name, role } of rolesOf(spec)) {
    const taken = names.get(role.hosts);
    if (taken !== undefined)
      add(['roles', name, 'hosts'], `"${role.hosts}" names the hosts of ${taken} already`);
    names.set(role.hosts, name);
    problems.push(...roleProblems(name, role, catalog));
  }
  return problems;
}

/** What works, and may not be what was meant. */
export function specNotes({ kafka, roles }: ClusterSpec): string[] {
  if (roles.load === undefined || kafka.externalListener) return [];
  return [
    'kafka.externalListener is not set: `ksweep run --cluster` then works on a load host only, and not from here with the load on them',
  ];
}

const isBurstable = (type: string): boolean => /^t\d/.test(type);

function roleProblems(name: RoleName, role: RoleSpec, catalog: Catalog): Problem[] {
  const problems: Problem[] = [];
  const add = (key: string | readonly (string | number)[], message: string): void => {
    problems.push({
      path: ['roles', name, ...(typeof key === 'string' ? [key] : key)],
      at: 'value',
      message,
    });
  };
  const types = [role.instanceType, ...role.fallbackTypes];
  const archs = new Set<string>();
  for (const [index, type] of types.entries()) {
    const path = index === 0 ? ['instanceType'] : ['fallbackTypes', index - 1];
    const known = catalog.instances.get(type);
    if (known === undefined) {
      const near = nearest(type, catalog.instances.keys());
      add(
        path,
        `"${type}" is not in the catalogue${near === undefined ? '' : `; did you mean ${near}?`} (\`ksweep catalog refresh --type ${type}\` adds it)`,
      );
    } else archs.add(known.arch);
    if (role.placement === 'cluster' && isBurstable(type)) {
      add(path, `AWS does not take burstable types such as ${type} into a cluster placement group`);
    }
  }
  if (archs.size > 1) add('fallbackTypes', 'mixes arm64 and x86_64: one image cannot boot both');
  if (role.market === 'spot' && role.placement === 'cluster') {
    add(
      'placement',
      'a spot instance that stops instead of ending cannot be in a placement group; use placement: spread or market: on-demand',
    );
  }
  if (role.cpuCredits !== undefined && !types.every(isBurstable)) {
    add('cpuCredits', 'only burstable types (t2, t3, t4g) have CPU credits');
  }
  const gp3 = catalog.volumes.get('gp3');
  const volume = role.dataVolume;
  if (volume !== undefined && gp3 !== undefined) {
    const { iops, throughputMiBps, sizeGiB } = volume;
    if (iops > Math.min(gp3.maxIops, Math.max(gp3.includedIops, sizeGiB * gp3.maxIopsPerGiB))) {
      add(['dataVolume', 'iops'], `gp3 has at most ${gp3.maxIops} IOPS, and ${gp3.maxIopsPerGiB} a GiB`);
    }
    if (throughputMiBps > Math.min(gp3.maxMiBps, iops * gp3.maxMiBpsPerIops)) {
      add(
        ['dataVolume', 'throughputMiBps'],
        `gp3 has at most ${gp3.maxMiBps} MiB/s, and ${gp3.maxMiBpsPerIops} MiB/s for each of its ${iops} IOPS`,
      );
    }
  }
  return problems;
}
