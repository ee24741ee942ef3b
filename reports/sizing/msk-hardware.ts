import { KsweepError } from '../../bench/common/errors.ts';
import { nearest } from '../../bench/common/nearest.ts';
import type { Catalog } from '../../infra/catalog/catalog.ts';
import type { BrokerHardware, HardwareAnswers } from './broker-hardware.ts';
import { ec2Hardware } from './ec2-hardware.ts';
import { figure } from './figure.ts';

/** Broker types that Amazon MSK sells, Standard and Express. */
const typesOf = (catalog: Catalog) => [...catalog.mskLimits.keys(), ...catalog.mskExpress.keys()];

const DEFAULT_MSK_INSTANCE = 'm7g.large';

/** A broker of Amazon MSK. Throws KsweepError('sizing-input') for a type that it does not sell. */
export function mskHardware(catalog: Catalog, answers: HardwareAnswers): BrokerHardware {
  // MSK's own console and API say kafka.m5.large.
  const name = (answers.instance ?? DEFAULT_MSK_INSTANCE).replace(/^kafka\./, '');
  const express = catalog.mskExpress.get(name);
  if (express !== undefined) return expressHardware(name, express, answers);
  const limits = catalog.mskLimits.get(name);
  if (limits === undefined) {
    const near = nearest(name, typesOf(catalog));
    throw new KsweepError('sizing-input', `instance: Amazon MSK has no brokers of type ${name}`, {
      details: [`expected one of ${typesOf(catalog).join(', ')}`],
      hint: near === undefined ? 'or leave --platform out for brokers on EC2' : `did you mean ${near}?`,
    });
  }
  return ec2Hardware(catalog, { ...answers, instance: name }, limits);
}

const EXPRESS_HAS_NONE = [
  'volume',
  'volumes',
  'volumeSize',
  'volumeThroughput',
  'raid10',
  'diskSize',
  'diskThroughput',
  'network',
  'memory',
  'cores',
] as const;

/** Express sells what clients write and read; replicas, disks and memory are Amazon's. */
function expressHardware(
  name: string,
  express: { ingressBytesPerSec: number; egressBytesPerSec: number; recommended: number; source: string },
  answers: HardwareAnswers,
): BrokerHardware {
  for (const question of EXPRESS_HAS_NONE) {
    if (answers[question] === undefined || answers[question] === false) continue;
    throw new KsweepError('sizing-input', `${question}: ${name} is sold by what it takes in and sends`, {
      hint: `leave ${question} out: Amazon MSK Express keeps network, disks and memory itself`,
    });
  }
  const documented = (title: string, value: number, unit: string) =>
    figure(title, value, unit, 'documented limit', express.source);
  const replicasCap = answers.maxReplicas ?? express.recommended;
  return {
    instance: name,
    networkBytesPerSec: null,
    storageBytesPerSec: null,
    diskBytes: null,
    memoryBytes: null,
    cores: null,
    replicasCap,
    express,
    kinds: {
      network: 'documented limit',
      storage: 'documented limit',
      cores: 'documented limit',
      replicas: answers.maxReplicas === undefined ? 'documented limit' : 'assumption',
    },
    volume: { type: 'local', count: 1, copies: 1, sizeBytes: null, bytesPerSec: null },
    platform: 'msk',
    own: false,
    figures: [
      figure('Broker', name, '', 'assumption', 'your answer'),
      documented('Ingress of a broker, sustained', express.ingressBytesPerSec, 'B/s'),
      documented('Egress of a broker, sustained', express.egressBytesPerSec, 'B/s'),
      documented('Partition replicas a broker', replicasCap, ''),
    ],
    warnings: [
      {
        code: 'express',
        text: 'Amazon MSK Express fixes replication factor 3 and min.insync.replicas 2, and bills storage and written bytes by use',
      },
    ],
  };
}
