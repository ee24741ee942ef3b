/** A consumer as far as its group's balance goes: undefined partitions mean that it has no assignment yet. */
export interface Member {
  readonly name: string;
  readonly partitions: readonly number[] | undefined;
}

/**
 * Why a consumer group is not ready yet, naming the culprit, or null when it is: every member has joined, each
 * partition has one owner, and no member that could have a partition is without one. Holds for every assignor on a
 * single topic; members beyond the number of partitions stay without one. Of 0 partitions, as in a share group, where
 * brokers assign as they see fit, it is ready when all have joined.
 */
export function unreadyReason(group: string, members: readonly Member[], partitions: number): string | null {
  const unassigned = members.find((member) => member.partitions === undefined);
  if (unassigned !== undefined) return `${unassigned.name} has not joined group ${group}`;
  const owners = new Map<number, string[]>();
  for (const member of members) {
    for (const partition of member.partitions ?? []) {
      owners.set(partition, [...(owners.get(partition) ?? []), member.name]);
    }
  }
  for (let partition = 0; partition < partitions; partition++) {
    const names = owners.get(partition) ?? [];
    if (names.length === 0) return `partition ${partition} has no consumer in group ${group}`;
    if (names.length > 1)
      return `partition ${partition} is claimed by ${names.join(' and ')} in group ${group}`;
  }
  const working = members.filter((member) => (member.partitions?.length ?? 0) > 0).length;
  const wanted = Math.min(partitions, members.length);
  return working < wanted
    ? `group ${group} is unbalanced: ${working} of ${wanted} consumers have partitions`
    : null;
}
