import t from 'tap'
import {
  authError,
  configError,
  fatalError,
  permissionError,
  RetryableError,
} from '../../../plugins/errors.ts'
import { house, made } from './house.ts'
import { lost } from './platform.ts'

t.test('status, budget and bid: read, written once, read back', async t => {
  for (const [field, more, ledger] of [
    ['budget', {}, 'budget=60000000'],
    [
      'bid',
      { level: 'adset', adset_id: '21', before_micros: 1_000_000, after_micros: 1_200_000 },
      'bid=1200000',
    ],
    [
      'status',
      { before_micros: null, after_micros: null, before_status: 'ACTIVE', after_status: 'PAUSED' },
      'status=PAUSED',
    ],
  ] as const) {
    const h = await house(t)
    await h.fold.put(made({ field, ...more }))
    h.executor()
    t.match(await h.results(1), [
      { action_id: 'a1', attempt: 1, holder: 'h1', outcome: 'APPLIED', code: null, written_at: h.time.wall },
    ])
    t.same(h.platform.ledger, [ledger])
    t.equal(h.fold.actions.get('a1')!.state, 'APPLIED')
  }
})

t.test('what somebody has changed since is not overwritten', async t => {
  const h = await house(t)
  h.platform.budget = 55_000_000
  await h.fold.put(made())
  h.executor()
  t.match(await h.results(1), [
    { outcome: 'FAILED', code: 'DRIFT', found: { budget_micros: 55_000_000 }, written_at: null },
  ])
  t.same(h.platform.ledger, [])
})

t.test('what was refused for good has failed, what was refused for now was not sent', async t => {
  for (const [error, outcome, code] of [
    [authError('the token was revoked'), 'FAILED', 'AUTH'],
    [permissionError('ads_management is missing'), 'FAILED', 'PERMISSION'],
    [configError('the budget is shared', '/id'), 'FAILED', 'INVALID'],
    [fatalError('there is no such campaign'), 'FAILED', 'REFUSED'],
    [new RetryableError('the limit is reached', { retryAfterMs: 30_000 }), 'NOT_SENT', 'RETRYABLE'],
  ] as const)
    for (const where of ['onRead', 'onWrite'] as const) {
      const h = await house(t)
      h.platform[where] = () => {
        throw error
      }
      await h.fold.put(made())
      h.executor()
      t.match(await h.results(1), [{ outcome, code, message: error.message }], `${where} ${code}`)
      t.same(h.platform.ledger, [])
    }
})

t.test('an answer that was lost is settled by reading, and never by writing again', async t => {
  for (const [name, spoil, outcome, written] of [
    ['it was done', (h: { onWritten: unknown }) => Object.assign(h, { onWritten: fail }), 'APPLIED', 1],
    ['it was not done', (h: { onWrite: unknown }) => Object.assign(h, { onWrite: fail }), 'NOT_WRITTEN', 0],
  ] as const) {
    const h = await house(t)
    spoil(h.platform)
    await h.fold.put(made())
    h.executor()
    t.match(await h.results(1), [{ outcome }], name)
    t.equal(h.platform.ledger.length, written)
  }
  function fail() {
    throw lost()
  }
})

t.test('where it cannot be read back either, a later lease only reads', async t => {
  for (const done of [true, false]) {
    const h = await house(t)
    let away = false
    const fail = () => {
      away = true
      throw lost()
    }
    Object.assign(h.platform, done ? { onWritten: fail } : { onWrite: fail })
    h.platform.onRead = () => {
      if (away) throw new RetryableError('away')
    }
    await h.fold.put(made())
    h.executor()
    t.match(await h.results(1), [{ outcome: 'UNKNOWN', code: 'RETRYABLE' }])
    h.platform.onRead = () => {}
    h.platform.onWrite = () => t.fail('it was written again')
    h.pass(10_000)
    const [, settled] = await h.results(2)
    t.match(
      settled,
      done ? { outcome: 'APPLIED', code: 'SETTLED' } : { outcome: 'NOT_WRITTEN', code: 'SETTLED' },
    )
    t.equal(h.platform.ledger.length, done ? 1 : 0)
  }
})

t.test('after an unknown outcome, a third value is nobody’s to overwrite', async t => {
  const h = await house(t)
  h.platform.budget = 70_000_000
  await h.fold.put(made({ settle: true }))
  h.executor()
  t.match(await h.results(1), [{ outcome: 'FAILED', code: 'DRIFT', found: { budget_micros: 70_000_000 } }])
  t.same(h.platform.ledger, [])
})

t.test('one that dies between the write and its word is settled by the next', async t => {
  const h = await house(t)
  let died = false
  let wake: () => void = () => {}
  h.fold.onCommand = ask => {
    // The first does not get its word out in time.
    if (ask.command === 'action.result' && ask.actor === 'h1') {
      died = true
      return new Promise<void>(resolve => {
        wake = resolve
      })
    }
  }
  await h.fold.put(made())
  h.executor('h1')
  await h.until(() => died)
  t.same(h.platform.ledger, ['budget=60000000'])
  h.executor('h2')
  h.pass(61_000)
  t.match(await h.results(1), [{ holder: 'h2', outcome: 'APPLIED', code: 'SETTLED' }])
  wake()
  await h.until(() => h.events.some(event => event.what === 'refused' && event.code === 'INVALID_STATE'))
  t.equal(h.fold.results.length, 1, 'a late word counts for nothing')
  t.same(h.platform.ledger, ['budget=60000000'], 'written once')
})

t.test('a process that was frozen over its lease does not write when it wakes', async t => {
  for (const [name, freeze] of [
    ['both clocks went on', (h: House) => h.pass(61_000)],
    [
      'the wall clock was set back meanwhile',
      (h: House) => {
        h.time.steady += 61_000
        h.time.wall -= 3_600_000_000
      },
    ],
    [
      'the machine slept',
      (h: House) => {
        h.time.wall += 61_000_000
      },
    ],
    ['there is not enough time left', (h: House) => h.pass(56_000)],
  ] as const) {
    const h = await house(t)
    // Between what it has read and what it is about to write.
    h.platform.onRead = () => {
      h.platform.onRead = () => {}
      freeze(h)
    }
    await h.fold.put(made())
    h.executor()
    t.match(await h.results(1), [{ outcome: 'NOT_SENT', code: 'PERMIT_EXPIRED' }], name)
    t.same(h.platform.ledger, [])
  }
})

type House = Awaited<ReturnType<typeof house>>

t.test('the gate’s decision has to hold when it is written', async t => {
  const h = await house(t)
  h.fold.gate = { final: 'PASS', valid: 10_000_000 }
  h.platform.onRead = () => {
    h.platform.onRead = () => {}
    h.pass(11_000)
  }
  await h.fold.put(made())
  h.executor()
  t.match(await h.results(1), [{ outcome: 'NOT_SENT', code: 'PERMIT_EXPIRED' }])
  t.same(h.platform.ledger, [])
})

t.test('a kill switch engaged between the lease and the write stops the write', async t => {
  for (const tenant_id of ['acme', '*']) {
    const h = await house(t)
    h.platform.onRead = () =>
      h.say({ tenant_id, revision: 0, reason: 'tracking is broken', commands: '["c1"]' })
    await h.fold.put(made())
    h.executor()
    t.match(await h.results(1), [
      { outcome: 'NOT_SENT', code: 'KILL_SWITCH_ENGAGED', message: /: tracking is broken$/ },
    ])
    t.same(h.platform.ledger, [])
    h.pass(600_000)
    await h.until(() => h.fold.asked.length === 2)
    t.same(h.fold.asked, ['action.lease', 'action.result'], 'it is not even asked for while it is engaged')
    h.platform.onRead = () => {}
    await h.say({ tenant_id, engaged: false, revision: 3, commands: '["c1"]' })
    t.match((await h.results(2))[1], { outcome: 'APPLIED' }, 'released, it goes on')
  }
})

t.test('a running write is read back although the switch is engaged meanwhile', async t => {
  const h = await house(t)
  h.platform.onWritten = () => h.say({})
  await h.fold.put(made())
  h.executor()
  t.match(await h.results(1), [{ outcome: 'APPLIED' }])
})

t.test(
  'what an ADMIN takes back under the tenant’s switch is written, under the installation’s it is not',
  async t => {
    for (const [tenant_id, outcome] of [
      ['acme', 'APPLIED'],
      ['*', 'NOT_SENT'],
    ] as const) {
      const h = await house(t)
      h.fold.exemption = 'ROLLBACK_UNDER_KILL_SWITCH'
      await h.say({ tenant_id })
      await h.fold.put(made({ reverts_action_id: 'a0' }))
      h.executor()
      t.match(await h.results(1), [{ outcome }])
    }
  },
)

t.test('a refusal of the fold is no failure: it is looked at again later', async t => {
  const h = await house(t)
  h.fold.refuses = 'GATE_BLOCKED'
  await h.fold.put(made())
  h.executor()
  await h.until(() => h.events.length > 0)
  t.match(h.events, [{ what: 'refused', code: 'GATE_BLOCKED' }])
  t.same(h.fold.asked, ['action.lease'])
  h.fold.refuses = null
  h.pass(5_000)
  t.match(await h.results(1), [{ outcome: 'APPLIED' }])
})

t.test('a permit that is not the fold’s, another’s or over lets nothing be written', async t => {
  type Answer = { permit: Record<string, unknown>; signature: string; key_id: string }
  const forgeries: Readonly<Record<string, (answer: Answer) => void>> = {
    'another amount': ({ permit }) => {
      permit.after = 600_000_000
    },
    'another campaign': ({ permit }) => {
      permit.campaign_id = '12'
    },
    'no signature': answer => {
      answer.signature = ''
    },
    'an unknown key': answer => {
      answer.key_id = '0'
    },
    'something else': answer => {
      answer.permit = { v: 1 }
    },
    'a number that JSON has not': ({ permit }) => {
      permit.after = null
    },
  }
  for (const [name, forge] of Object.entries(forgeries)) {
    const h = await house(t)
    h.fold.forge = forge as never
    await h.fold.put(made())
    h.executor()
    t.match(await h.results(1), [{ outcome: 'NOT_SENT', code: 'PERMIT_INVALID' }], name)
    await h.until(() => h.events.some(event => event.what === 'forged'))
    t.same(h.platform.ledger, [], name)
  }
  const late = await house(t)
  late.fold.forge = () => late.pass(61_000)
  await late.fold.put(made())
  late.executor()
  await late.until(() => late.fold.asked.includes('action.result'))
  t.same(late.platform.ledger, [])
  const shut = await house(t)
  shut.fold.gate = { final: 'BLOCK', valid: 60_000_000 }
  await shut.fold.put(made())
  shut.executor()
  t.match(await shut.results(1), [
    { outcome: 'NOT_SENT', code: 'PERMIT_INVALID', message: /gate it names is shut/ },
  ])
})

t.test('what came of it is told until it is answered, as one command', async t => {
  const h = await house(t)
  const ids: (string | undefined)[] = []
  h.fold.onCommand = ask => {
    if (ask.command !== 'action.result') return
    ids.push(ask.id)
    if (ids.length < 3) throw new Error('no answer')
  }
  await h.fold.put(made())
  h.executor()
  await h.results(1)
  t.equal(ids.length, 3)
  t.equal(new Set(ids).size, 1)
  t.same(h.platform.ledger, ['budget=60000000'])
})

t.test('without a connection it waits, and that is said once', async t => {
  let connected = false
  const h: House = await house(t, {
    placeOf: async () =>
      connected ? { source: h.source, connection: 'x', context: signal => ({ signal }) as never } : null,
  })
  await h.fold.put(made())
  h.executor()
  await h.until(() => h.events.length > 0)
  h.pass(61_000)
  connected = true
  h.pass(61_000)
  await h.results(1)
  t.same(
    h.events.map(({ what }) => what).filter(what => what === 'unconnected'),
    ['unconnected'],
  )
})

t.test('an account is asked one thing at a time, a process four', async t => {
  const h = await house(t)
  let now = 0
  let most = 0
  let gate: () => void = () => {}
  const open = new Promise<void>(resolve => {
    gate = resolve
  })
  h.platform.onRead = async () => {
    most = Math.max(most, ++now)
    await open
    now--
  }
  for (let i = 0; i < 10; i++)
    await h.fold.put(made({ action_id: `a${i}`, account_id: String(i % 5), after_micros: 50_000_000 }))
  h.executor()
  await h.until(() => now === 4)
  t.equal(h.fold.asked.length, 4)
  gate()
  await h.results(10)
  t.equal(most, 4)
})

t.test('several executors: each action is written by one', async t => {
  const h = await house(t)
  let written = 0
  h.platform.onWritten = () => {
    written++
    h.platform.budget = 50_000_000
    h.platform.onRead = () => {
      h.platform.budget = 60_000_000
    }
  }
  await h.fold.put(made())
  for (const holder of ['h1', 'h2', 'h3']) h.executor(holder)
  t.match(await h.results(1), [{ outcome: 'APPLIED' }])
  t.equal(written, 1)
})

t.test('partitions of others are left to them', async t => {
  const h = await house(t)
  await h.fold.put(made())
  const other = h.executor('h2', [1])
  await other.stop()
  t.same(h.fold.asked, [])
})

t.test('one that stops lets what is being written end and be told, and begins nothing', async t => {
  const h = await house(t)
  let go: () => void = () => {}
  let writing = false
  h.platform.onWritten = () => {
    writing = true
    return new Promise<void>(resolve => {
      go = resolve
    })
  }
  await h.fold.put(made())
  await h.fold.put(made({ action_id: 'a2' }))
  const executor = h.executor()
  await h.until(() => writing)
  const stopped = executor.stop()
  go()
  await stopped
  t.match(h.fold.results, [{ action_id: 'a1', outcome: 'APPLIED' }])
  t.equal(h.fold.results.length, 1)
})
