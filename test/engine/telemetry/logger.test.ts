import t from 'tap'
import { StratumError } from '../../../engine/errors.ts'
import { createLogging, type LoggingOptions } from '../../../engine/telemetry/logger.ts'

function collect(options: LoggingOptions = {}) {
  const lines: string[] = []
  const logging = createLogging({ human: false, ...options, write: line => lines.push(line) })
  return { logging, lines, entries: () => lines.map(line => JSON.parse(line) as Record<string, unknown>) }
}

const stackOf = (entry: Record<string, unknown> | undefined) =>
  (entry?.err as { stack?: string } | undefined)?.stack

t.test('secret fields are masked at the top and below, and by path', async t => {
  const { logging, lines } = collect({ secretPaths: ['/accounts/*/pin'] })
  const log = logging.logger('http')
  log.info({ password: 'hunter2', request: { headers: { authorization: 'Zug hunter2' } } }, 'sent')
  log.info({ config: { apiKey: 'hunter2' }, accounts: [{ pin: 'hunter2', id: 7 }] }, 'read')
  log.warn({ url: 'https://x.example/?access_token=hunter2' }, 'password=hunter2 for a@mail.example')
  log.error(new Error('Bearer hunter2'))
  log.info('got %s', 'token=hunter2')
  t.equal(lines.length, 5)
  t.notMatch(lines.join(''), /hunter2|a@mail/)
  t.match(lines.join(''), /"id":7/)
})

t.test('an expected error has no stack at info and above, an unexpected one keeps it', async t => {
  const { logging, entries } = collect({ level: 'debug' })
  const log = logging.logger('log')
  const expected = new StratumError('LOG_CORRUPT', 'page 7 is torn', { cause: new Error('EIO') })
  log.error(expected)
  log.error({ err: expected, table: 'events' }, 'cannot start')
  log.debug(expected)
  log.error(new TypeError('x is not a function'))
  const [first, second, third, fourth] = entries()
  t.strictSame(first?.err, {
    type: 'StratumError',
    code: 'LOG_CORRUPT',
    message: 'page 7 is torn',
    cause: 'EIO',
  })
  t.equal(first?.msg, 'page 7 is torn')
  t.match(second, { msg: 'cannot start', table: 'events', name: 'log', level: 'error' })
  t.notOk(stackOf(second))
  t.ok(stackOf(third))
  t.ok(stackOf(fourth))
})

t.test('one level for all, also for loggers that exist', async t => {
  const { logging, lines } = collect({ level: 'warn' })
  const log = logging.logger('a')
  log.info('not yet')
  logging.setLevel('info')
  log.info('now')
  logging.setLevel('silent')
  log.error('never')
  t.equal(logging.logger('a'), log)
  t.equal(lines.length, 1)
})

t.test('for a person: one short line, and no control characters', async t => {
  const { logging, lines } = collect({ human: true })
  logging.logger('sink').warn({ table: 'events', rows: 3 }, 'slow\u001b[2J\nfake line')
  logging.logger('sink').error(new StratumError('STORE_UNAVAILABLE', 'no answer'))
  t.match(lines[0], /^\d\d:\d\d:\d\d {2}warn {3}sink {2}slow \[2J fake line {2}table=events {2}rows=3\n$/)
  t.match(lines[1], /error {2}sink {2}no answer\n$/)
})
