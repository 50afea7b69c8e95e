import { createHash } from 'node:crypto'
import t from 'tap'
import { sha256, u } from '../../../pipelines/autopilot/model/draw.ts'

t.test('the published draw', async t => {
  t.equal(u('canary|t1|scale-winner|1|meta:a1:c1').toFixed(6), '0.207450')
})

t.test('a draw is the first 53 bits of the hash, by another way', async t => {
  for (let i = 0; i < 500; i++) {
    const bytes = createHash('sha256').update(`s${i}`).digest()
    const bits = bytes.readUInt32BE(0) * 2 ** 21 + (bytes.readUInt32BE(4) >>> 11)
    t.equal(u(`s${i}`), bits / 2 ** 53)
  }
})

t.test('draws are spread evenly', async t => {
  const tenths = new Array<number>(10).fill(0)
  for (let i = 0; i < 10_000; i++) tenths[Math.floor(10 * u(`holdout|t1|${i}`))]!++
  // Chi-squared with 9 degrees of freedom: above 27.9 in one of a thousand.
  const chi = tenths.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0)
  t.ok(chi < 27.9, `chi-squared ${chi}`)
})

t.test('SHA-256 of a text in UTF-8', async t => {
  t.equal(sha256('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  t.equal(
    sha256('é'),
    createHash('sha256')
      .update(Buffer.from([0xc3, 0xa9]))
      .digest('hex'),
  )
})
