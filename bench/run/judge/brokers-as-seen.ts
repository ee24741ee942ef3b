import { allTogether, type BrokersAsSeen } from '../../common/broker-as-seen.ts';
import type { Measurement } from './measurement.ts';
import { inWindow, type Window } from './window.ts';

/** What all producers saw of each broker over the window. */
export const brokersAsSeen = ({ producers }: Measurement, window: Window): BrokersAsSeen =>
  allTogether(inWindow(producers, window).map((snapshot) => snapshot.brokersAsSeen ?? {}));
