import t from 'tap'
import { apart } from '../../../support/apart.ts'
import { kafkaMissing } from '../../../support/servers/kafka.ts'

const skip = kafkaMissing() ?? false

t.test('groups on a broker that stood still', { skip, timeout: 400_000 }, t =>
  apart(t, new URL('./frozen-broker.js', import.meta.url)),
)
