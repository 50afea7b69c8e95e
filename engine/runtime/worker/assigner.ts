import type { Assigner, PartitionAssigner } from 'kafkajs'
import kafkajs from 'kafkajs'
import { deal } from './deal.ts'

export interface AssignerOptions {
  /** The topic that has a partition for each group. */
  readonly topic: string
  readonly groups: number
  /** Groups this worker has at the moment. */
  readonly held: () => readonly number[]
}

const { AssignerProtocol } = kafkajs
const NAME = 'stratum-groups'

/** How the members' leader deals groups out: each says which it has, so that as few as can be move. */
export function groupAssigner({ topic, groups, held }: AssignerOptions): PartitionAssigner {
  return (): Assigner => ({
    name: NAME,
    version: 1,
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: AssignerProtocol.MemberMetadata.encode({
        version: 1,
        topics: [...topics],
        userData: Buffer.from(JSON.stringify(held())),
      }),
    }),
    assign: async ({ members }) => {
      const dealt = deal(
        members.map(({ memberId, memberMetadata }) => ({ id: memberId, groups: heldBy(memberMetadata) })),
        groups,
      )
      return [...dealt].map(([memberId, own]) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({
          version: 1,
          assignment: { [topic]: own },
          userData: Buffer.alloc(0),
        }),
      }))
    },
  })
}

/** Who says nothing that can be understood has none. */
function heldBy(metadata: Buffer): number[] {
  try {
    const { userData } = AssignerProtocol.MemberMetadata.decode(metadata) ?? {}
    const held: unknown = JSON.parse(userData?.toString() ?? '')
    return Array.isArray(held) ? held.filter(group => Number.isInteger(group)) : []
  } catch {
    return []
  }
}
