import type { Catalog } from '../../infra/catalog/catalog.ts';
import type { BrokerHardware, HardwareAnswers } from './broker-hardware.ts';
import { ec2Hardware } from './ec2-hardware.ts';
import { mskHardware } from './msk-hardware.ts';
import { isOwnHardware, ownHardware } from './own-hardware.ts';

/**
 * What one broker can carry for good: the catalogue's baselines with the user's own figures laid over them, or the
 * user's own machine. Throws KsweepError('sizing-input') for a type that the catalogue or the platform does not have.
 */
export function resolveHardware(catalog: Catalog, answers: HardwareAnswers): BrokerHardware {
  if (isOwnHardware(answers)) return ownHardware(answers);
  return answers.platform === 'msk' ? mskHardware(catalog, answers) : ec2Hardware(catalog, answers);
}
