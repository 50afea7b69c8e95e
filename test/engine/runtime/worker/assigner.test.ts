import kafkajs from 'kafkajs'
import t from 'tap'
import { groupAssigner } from '../../../../engine/runtime/worker/assigner.ts'

const { AssignerProtocol } = kafkajs
const TOPIC = 'stratum.groups'

/** The one of a worker that has these groups; the cluster is never asked. */
const assigner = (held: readonly number[] = [], groups = 4) =>
  groupAssigner({ topic: TOPIC, groups, held: () => held })({} as never)

const member = (memberId: string, memberMetadata: Buffer) => ({ memberId, memberMetadata })
const saying = (userData: string) =>
  AssignerProtocol.MemberMetadata.encode({ version: 1, topics: [TOPIC], userData: Buffer.from(userData) })

async function dealt(
  members: { memberId: string; memberMetadata: Buffer }[],
): Promise<Record<string, number[]>> {
  const answers = await assigner().assign({ members, topics: [TOPIC] })
  return Object.fromEntries(
    answers.map(({ memberId, memberAssignment }) => [
      memberId,
      AssignerProtocol.MemberAssignment.decode(memberAssignment)!.assignment[TOPIC]!,
    ]),
  )
}

t.test('a worker says which groups it has, and keeps them up to its share', async t => {
  const { name, metadata } = assigner([1, 3, 2]).protocol({ topics: [TOPIC] })
  t.equal(name, assigner().name)
  t.same(AssignerProtocol.MemberMetadata.decode(metadata)?.topics, [TOPIC])
  const others = assigner([]).protocol({ topics: [TOPIC] }).metadata
  t.same(await dealt([member('a', metadata), member('b', others)]), { a: [1, 2], b: [0, 3] })
  t.same(await dealt([member('b', others), member('a', metadata)]), { a: [1, 2], b: [0, 3] })
})

t.test('a worker that says nothing that can be understood has nothing', async t => {
  const knows = member('a', saying('[0,1]'))
  for (const odd of ['', '{', '{"held":[2]}', 'null', '["2"]', '[2.5]'])
    t.same(await dealt([knows, member('b', saying(odd))]), { a: [0, 1], b: [2, 3] }, odd)
  t.same(await dealt([knows, member('b', Buffer.alloc(0))]), { a: [0, 1], b: [2, 3] })
})

t.test('each deal asks anew what a worker has', async t => {
  let held = [0]
  const own = groupAssigner({ topic: TOPIC, groups: 2, held: () => held })({} as never)
  const said = () =>
    AssignerProtocol.MemberMetadata.decode(own.protocol({ topics: [TOPIC] }).metadata)?.userData.toString()
  t.equal(said(), '[0]')
  held = [1]
  t.equal(said(), '[1]')
})
