import t from 'tap'
import { fails, results } from '../engine/source/conformance/acme/fails.ts'
import { type ReceiverDefect, receiver } from '../engine/source/conformance/acme/receiver.ts'

t.test('a right receiver passes, and says of what does not apply why', async t => {
  const all = await results(receiver(null))
  t.same(
    all.filter(r => r.result === 'failed').map(r => `${r.check}: ${r.reason}`),
    [],
  )
  for (const name of ['delivered', 'signature', 'replay', 'mangled', 'secrets'])
    t.equal(all.find(r => r.check === name)?.result, 'ok', name)
  t.equal(all.find(r => r.check === 'resume')?.reason, 'nothing is read: its records are delivered')
})

const broken: readonly [ReceiverDefect, readonly string[], RegExp][] = [
  ['takes anything', ['signature', 'replay', 'mangled'], /a delivery without any header is taken/],
  ['takes what is not signed', ['signature'], /a delivery without any header is taken \(with 1 records?\)/],
  ['compares the beginning of a signature', ['signature'], /a delivery with a wrong x-sig is taken/],
  ['signs the body without its time', ['replay'], /an old delivery with a new x-time is taken/],
  ['never looks at the time', ['replay'], /a delivery that is too old is taken/],
  ['takes times to come', ['replay'], /a delivery from the future is taken/],
  ['names records by when they came', ['delivered'], /gives other records/],
  ['crashes on half a body', ['mangled'], /a body that ends early: it gives a bare SyntaxError/],
  ['swallows half a body', ['mangled'], /gone without a rejected row/],
  ['makes up an id', ['mangled'], /a record that was not sent/],
  ['gives wrong types', ['delivered'], /cents/],
  ['says what the signature should be', ['secrets'], /a secret is in an error of a delivery/],
  ['says its secret', ['secrets'], /a secret is in an error of a delivery/],
  ['takes a forgery for an outage', ['signature', 'replay', 'mangled'], /it gives a bare Error/],
]

for (const [defect, checks, reason] of broken)
  t.test(`a receiver that ${defect} fails ${checks}`, t => fails(t, receiver(defect), checks, reason))
