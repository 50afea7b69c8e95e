import fc from 'fast-check'
import type { LogRecord } from '../../../engine/log/port.ts'

const buffer = (maxLength: number) => fc.uint8Array({ maxLength }).map(b => Buffer.from(b))

/** Text of any script; no half of a surrogate pair, which no encoding can carry. */
const text = (maxLength: number) => fc.string({ unit: 'grapheme', maxLength })

/** Any record a writer may hand in. */
export const anyRecord: fc.Arbitrary<LogRecord> = fc.record({
  key: buffer(24),
  value: fc.option(buffer(200), { nil: null }),
  time: fc.integer({ min: 0, max: 4_102_444_800_000_000 }),
  headers: fc.option(
    fc
      .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z][a-z-]{0,15}$/), text(60)), {
        maxLength: 3,
        selector: ([name]) => name,
      })
      .map(entries => Object.fromEntries(entries)),
    { nil: undefined },
  ),
})
