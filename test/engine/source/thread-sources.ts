import { connector, stream } from '../../../plugins/contract.ts'
import { authError, configError, fatalError, PayloadError, RetryableError } from '../../../plugins/errors.ts'
import { integer, object, string } from '../../../plugins/schema.ts'

/** Sources for `thread.test.ts`: what a thread loads must be in a module. */
const Row = object({ id: string(), n: integer(), person: string({ pseudonymise: true }) })

const failures: Readonly<Record<string, () => Error>> = {
  config: () => configError('is wrong', '/how'),
  auth: () => authError('expired'),
  retryable: () => new RetryableError('later', { retryAfterMs: 1500 }),
  payload: () => new PayloadError('half a file', { origin: 'x.csv', bytes: Buffer.from([1, 2, 255]) }),
  fatal: () => fatalError('no use'),
  bare: () => new TypeError('a mistake of the author'),
}

export const counting = connector({
  id: 'counting',
  title: 'Counts',
  version: '1.0.0',
  config: object({ how: string() }),
  async check() {},
  streams: {
    rows: stream({
      title: 'Rows',
      kind: null,
      schema: Row,
      primaryKey: ['id'],
      cursorField: null,
      async *read(context) {
        const { how } = context.config as { how: string }
        const from = ((context.state as { next: number } | null)?.next ?? 0) as number
        if (how === 'die') setImmediate(() => process.exit(3))
        if (how === 'throw later')
          setImmediate(() => {
            throw new Error('thrown beside the stream')
          })
        for (let batch = from; how === 'endless' || batch < from + 4; batch++) {
          if (how in failures && batch === from + 1) throw failures[how]!()
          const records = Array.from({ length: 3 }, (_, i) => ({
            id: `${batch}-${i}`,
            n: i === 2 && batch === 2 ? 1.5 : i,
            person: `person ${i} é`,
          }))
          const rejected = batch === 1 ? [{ reason: 'bad', origin: 'row 9', bytes: Buffer.from('ü') }] : []
          context.notice(`made ${batch}`)
          yield { records: batch === 3 ? [] : (records as never), rejected, state: { next: batch + 1 } }
          if (how === 'die' || how === 'throw later') await new Promise(() => {})
        }
      },
    }),
  },
})

export const sources = [counting]
