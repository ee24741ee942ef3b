import type { Binding } from '../../../results/result.ts';
import { asSeenCandidates } from './as-seen.ts';
import { brokerCandidates } from './brokers.ts';
import { BINDS_FROM, type BoundFacts, type Candidate, DEPTH } from './facts.ts';
import { clientCandidates, hostCandidates } from './generators.ts';

/** A resource is only named where it stands out from the next one by so much; closer ones can't be told apart by one repeat. */
const CLEAR_BY = 0.05;

/** What is nearest to the cause and at its limit; null where nothing is, or where two are as near as each other. */
function bindingOf(ranked: readonly Candidate[]): Candidate | null {
  for (const depth of Object.values(DEPTH)) {
    const [first, second] = ranked.filter((candidate) => candidate.depth === depth);
    if (first === undefined || first.share < BINDS_FROM) continue;
    return first.share - (second?.share ?? 0) >= CLEAR_BY ? first : null;
  }
  return null;
}

/**
 * Resources by how near to their limit they were: first the one that bound, where one can be named, then the nearest. It
 * was at 85 % or more and stood out among those that are as near to the cause; otherwise nobody knows, and that is the
 * answer.
 */
export function boundBy(facts: BoundFacts): Binding[] {
  const ranked = [
    ...brokerCandidates(facts),
    ...asSeenCandidates(facts),
    ...hostCandidates(facts),
    ...clientCandidates(facts),
  ].toSorted((a, b) => b.share - a.share);
  const binding = bindingOf(ranked);
  const others = ranked.filter((candidate) => candidate !== binding);
  return [...(binding === null ? [] : [binding]), ...others].map((candidate) => {
    const { resource, share, evidence } = candidate;
    return { resource, share, evidence, binds: candidate === binding };
  });
}
