// Gives every partition to one member of the group: the model learns them all, in one process. The other members stand
// by with nothing, and a member that joins does not take the partitions away from the one that has them.

import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';

const { MemberMetadata, MemberAssignment } = AssignerProtocol;

/** The assigner, and how it hears whether this member has been given the partitions. */
export interface SoleOwnerAssigner {
  readonly assigner: PartitionAssigner;
  /** Call after every join; an owner says so in its next one. */
  owns(assigned: boolean): void;
}

export function createSoleOwnerAssigner(): SoleOwnerAssigner {
  let ownerSinceMs: number | null = null;
  return {
    owns: (assigned) => {
      if (!assigned) ownerSinceMs = null;
      else ownerSinceMs ??= Date.now();
    },
    assigner: ({ cluster }) => ({
      name: 'millrace-sole-owner',
      version: 0,
      protocol({ topics }) {
        const userData = Buffer.from(ownerSinceMs === null ? '' : String(ownerSinceMs));
        return { name: this.name, metadata: MemberMetadata.encode({ version: this.version, topics, userData }) };
      },
      async assign({ members, topics }) {
        const candidates = members.map(({ memberId, memberMetadata }) => ({
          memberId,
          sinceMs: Number(MemberMetadata.decode(memberMetadata)?.userData.toString() ?? 0),
        }));
        const memberId = chooseOwner(candidates);
        const assignment = Object.fromEntries(
          topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).map((p) => p.partitionId)]),
        );
        const userData = Buffer.alloc(0);
        return [
          { memberId, memberAssignment: MemberAssignment.encode({ version: this.version, assignment, userData }) },
        ];
      },
    }),
  };
}

/** The member that owns already (0: it does not); of two, the later, which took over from the earlier; else by name. */
export function chooseOwner(candidates: readonly { memberId: string; sinceMs: number }[]): string {
  const ordered = [...candidates].sort((a, b) => b.sinceMs - a.sinceMs || (a.memberId < b.memberId ? -1 : 1));
  return ordered[0].memberId;
}
