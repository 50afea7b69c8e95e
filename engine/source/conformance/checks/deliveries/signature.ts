import type { Delivery } from '../../../delivery.ts'
import type { Bench } from '../../bench.ts'
import type { Check } from '../../check.ts'
import { natureOf } from '../../describe.ts'
import type { Lab } from '../../lab.ts'
import { failed } from '../../result.ts'
import { secretLeaves, withValue } from '../../secrets.ts'
import { refused, taken } from './refused.ts'

export const signature: Check = {
  name: 'signature',
  title: 'a delivery that is not signed with the secret, over these bytes, is refused',
  run: lab =>
    lab.delivering((bench, { bodies, signed }) => {
      const { now } = bench.platform
      const [body, other] = [bodies[0]!, bodies[1]!]
      const right = signed(body, now)
      taken(bench, right, 'a delivery that is signed right')
      refused(bench, { ...right, headers: {} }, 'a delivery without any header')
      for (const name of headersOf(right, signed(other, now))) forged(bench, right, name)
      // What the right signature would have been is as good as the secret, where it comes to light.
      for (const changed of [other, Buffer.concat([body, Buffer.from(' ')]), Buffer.alloc(0)]) {
        const due = signed(changed, now)
        for (const name of headersOf(due, right)) lab.secrets.add(due.headers[name]!)
        refused(bench, { ...right, body: changed }, 'another body under a signature that was seen')
      }
      const keys = wrongSecrets(lab, bench, right)
      return `${keys} secret${keys === 1 ? '' : 's'} needed`
    }),
}

/** The headers in which two deliveries differ: those that sign. */
function headersOf(a: Delivery, b: Delivery): string[] {
  return Object.keys(a.headers).filter(name => a.headers[name] !== b.headers[name])
}

function forged(bench: Bench, right: Delivery, name: string): void {
  const value = right.headers[name]!
  const { [name]: _, ...without } = right.headers
  refused(bench, { ...right, headers: without }, `a delivery without ${name}`)
  const at = Math.max(0, value.length - 8)
  const wrong = [
    '',
    value.slice(0, -8),
    `${value.slice(0, at)}${value[at] === '0' ? '1' : '0'}${value.slice(at + 1)}`,
  ]
  for (const text of wrong)
    refused(bench, { ...right, headers: { ...without, [name]: text } }, `a delivery with a wrong ${name}`)
}

/** How many of its secrets have to be right. */
function wrongSecrets(lab: Lab, bench: Bench, right: Delivery): number {
  let needed = 0
  for (const { path, value } of secretLeaves(bench.config, lab.source.spec)) {
    const config = withValue(bench.config, path, `x${[...value].reverse().join('').slice(1)}`)
    try {
      bench.receive(right, { config })
    } catch (error) {
      if (!natureOf(error).match(/credentials|auth/))
        failed(`signed with another ${path.join('.')}: its error is of another kind (${natureOf(error)})`)
      needed++
    }
  }
  if (needed === 0) failed('a delivery that is signed with another secret is taken')
  return needed
}
