import t from 'tap'
import { acme, type Defect } from '../engine/source/conformance/acme/connector.ts'
import { fails } from '../engine/source/conformance/acme/fails.ts'

const broken: readonly [Defect, readonly string[], RegExp][] = [
  ['has a setting without a title', ['schema'], /\/token_url has no title/],
  ['leaks its secret', ['secrets'], /a secret is in a notice/],
  ['gives wrong types', ['records'], /spend_micros/],
  ['gives no primary key', ['primary-key'], /ads: a record has no id/],
  ['loops on an empty page', ['empty-page'], /asks without end/],
  ['holds everything', ['memory'], /MB more in use for 50,000 records/],
  ['takes 403 for 401', ['errors'], /a right is missing.* it gives an error \(credentials\)/],
  ['crashes on drift', ['drift'], /daily with .*: it gives a bare TypeError/],
  ['makes up what is missing', ['drift'], /clicks is 0 and was/],
  ['swallows a 500', ['server-error'], /daily, answer \d+: daily: \d+ records lost/],
  ['takes half a body for an empty one', ['truncated'], /lost/],
  ['waits without end', ['time-out'], /nothing came of it for 3 s/],
  ['does not wait as told', ['rate-limit'], /told to wait 1 s \(Retry-After\), it asked again after/],
  ['never renews its token', ['token'], /could be renewed, and it gives an error \(credentials\)/],
  ['stops at a row it knows', ['same-page'], /lost where rows repeat/],
  ['reads no day again', ['restated'], /changed on the platform and not read again/],
  ['goes by the zone of the machine', ['clock'], /with the machine in Pacific/],
]

for (const [defect, checks, reason] of broken)
  t.test(`a connector that ${defect} fails ${checks}`, t => fails(t, acme(defect), checks, reason))
