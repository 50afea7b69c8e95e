import { hash } from 'node:crypto'
import t from 'tap'
import { commit, saltOf, wrongIn } from '../../../../pipelines/audit/model/commitment.ts'

const salt = saltOf('secret', 'command-1', 'actor')
const { commitment, opening } = commit('ann@example.com', salt)
const body = JSON.stringify({ actor: commitment })

t.test('a commitment is SHA-256 over salt and value', async t => {
  t.equal(
    commitment,
    hash('sha256', Buffer.concat([Buffer.from(salt, 'hex'), Buffer.from('ann@example.com')]), 'hex'),
  )
  t.strictSame(opening, { salt, value: 'ann@example.com' })
})

t.test('a salt is made again alike, and differs by secret, record and name', async t => {
  t.equal(saltOf('secret', 'command-1', 'actor'), salt)
  const others = [
    saltOf(null, 'command-1', 'actor'),
    saltOf('other', 'command-1', 'actor'),
    saltOf('secret', 'command-2', 'actor'),
    saltOf('secret', 'command-1', 'reason'),
  ]
  t.equal(new Set([salt, ...others]).size, 5)
})

t.test('what lies beside an entry opens its commitments or is told; erased it may be', async t => {
  t.equal(wrongIn(body, JSON.stringify({ [commitment]: opening })), null)
  t.equal(wrongIn(body, null), null)
  t.equal(wrongIn(body, '{}'), null)
  const other = { ...opening, value: 'bob@example.com' }
  t.match(wrongIn(body, JSON.stringify({ [commitment]: other })), /not the one that was committed/)
  t.match(wrongIn('{}', JSON.stringify({ [commitment]: opening })), /no commitment in it/)
  t.match(wrongIn(body, JSON.stringify({ [commitment]: { salt } })), /does not open/)
  t.match(wrongIn(body, JSON.stringify({ [commitment]: null })), /does not open/)
  t.match(wrongIn(body, '{'), /no JSON/)
  t.match(wrongIn(body, 'null'), /does not open|no JSON/)
})
