import { validate } from '../../../config/index.ts'
import type { SourceConfig } from '../../port.ts'
import { memoryTokens } from '../../tokens.ts'
import type { Bench } from '../bench.ts'
import type { Check } from '../check.ts'
import { natureOf, wrongly } from '../describe.ts'
import type { Lab } from '../lab.ts'
import { always, type Fault } from '../proxy/fault.ts'
import { failed, inapplicable, Nonconformity } from '../result.ts'
import { secretLeaves, withValue } from '../secrets.ts'
import type { Proxied } from './spoilt.ts'

const status = (code: number): Fault => ({ kind: 'answer', status: code, body: '{}' })

export const toldApart: Check = {
  name: 'errors',
  title: 'wrong credentials, a missing right and an outage are told apart',
  run: lab =>
    lab.with(async bench => {
      if (bench.proxy === null && bench.platform.deliveries)
        inapplicable('it asks no platform: `signature` looks at who sends')
      const checked = await wrongSecrets(lab, bench)
      if (bench.proxy === null) {
        if (checked === 0) inapplicable('it has no secret and is not spoken to over HTTP')
        return
      }
      const proxied = bench as Proxied
      await under(proxied, status(401), 'its credentials are refused (401)', ['credentials'])
      const { forbid } = bench.platform.faults ?? {}
      if (!forbid) await under(proxied, status(403), 'a right is missing (403)', ['permission'])
      await under(proxied, status(503), 'the platform is away (503)', ['retryable'])
      await under(proxied, { kind: 'drop' }, 'the platform cannot be reached', ['retryable'])
      if (!forbid) return
      forbid.call(bench.platform.faults)
      await first(bench, 'a right is missing', ['permission'])
    }),
}

async function under(bench: Proxied, fault: Fault, what: string, wanted: readonly string[]): Promise<void> {
  // With a token at hand: a server that gives tokens has errors of its own.
  await bench.check()
  bench.proxy.spoil(always(fault))
  try {
    await first(bench, what, wanted)
  } finally {
    bench.proxy.spoil(null)
  }
}

/** `check` says what is wrong; where it does not look there, reading does. */
async function first(bench: Bench, what: string, wanted: readonly string[]): Promise<void> {
  const error = await errorOf(bench.check())
  if (error !== null) {
    const problem = wrongly(error, wanted)
    if (problem) failed(`where ${what}, check: ${problem}`)
    return
  }
  let found = false
  for (const stream of bench.source.streams) {
    const error = await errorOf(bench.all(stream))
    if (error === null) continue
    const problem = wrongly(error, wanted)
    if (problem) failed(`where ${what}, ${stream.name}: ${problem}`)
    found = true
  }
  if (!found) failed(`where ${what}, neither check nor any stream says so`)
}

/** Every secret made wrong, one at a time; how many of them were looked at. */
async function wrongSecrets(lab: Lab, bench: Bench): Promise<number> {
  const { spec } = lab.source
  let refused = 0
  const leaves = secretLeaves(bench.config, spec)
  for (const { path, value } of leaves) {
    const name = path.join('.')
    const config = withValue(bench.config, path, [...value].reverse().join('').replace(/^./, 'x'))
    if (config === null || !fits(spec, config)) continue
    const error = await errorOf(bench.check({ config, tokens: memoryTokens() }))
    if (error === null) continue
    const problem = wrongly(error, ['credentials', 'config'])
    if (problem) failed(`with a wrong ${name}, ${problem}`)
    refused++
    if (natureOf(error) === 'credentials') refused++
  }
  if (leaves.length > 0 && refused === 0) failed('no wrong secret is refused by check')
  return refused
}

function fits(spec: Parameters<typeof validate>[0], config: SourceConfig): boolean {
  try {
    validate(spec, config, '')
    return true
  } catch {
    return false
  }
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
    return null
  } catch (error) {
    if (error instanceof Nonconformity) throw error
    return error
  }
}
