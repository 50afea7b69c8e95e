import type { ExecutorCall } from '../../../engine/execute/call.ts'
import type { SourceContext } from '../../../engine/source/context.ts'
import { action } from '../../../plugins/actions/action.ts'
import { BidParams, BudgetParams, StatusParams } from '../../../plugins/actions/params.ts'
import { connector } from '../../../plugins/contract.ts'
import { fatalError } from '../../../plugins/errors.ts'
import { array, object, string } from '../../../plugins/schema.ts'

export type Call = ExecutorCall

/** A platform of one campaign, with a ledger of what was written to it. */
export class FakePlatform {
  budget = 50_000_000
  status: string = 'ACTIVE'
  bid = 1_000_000
  readonly ledger: string[] = []
  /** Called before a value is read and before one is written: throws, waits, changes things. */
  onRead: () => unknown = () => {}
  onWrite: () => unknown = () => {}
  /** Called when it is written, before that is answered. */
  onWritten: () => unknown = () => {}

  async read<K extends 'budget' | 'status' | 'bid'>(name: K): Promise<this[K]> {
    await this.onRead()
    return this[name]
  }

  async write<K extends 'budget' | 'status' | 'bid'>(name: K, value: this[K]): Promise<void> {
    await this.onWrite()
    this[name] = value
    this.ledger.push(`${name}=${String(value)}`)
    await this.onWritten()
  }
}

/** An answer that never came: nobody knows whether it was done. */
export const lost = () => Object.assign(fatalError('the connection was dropped'), { outcome: 'unknown' })

const values = { budget: 'budget_micros', bid: 'bid_micros', status: 'status' } as const

/** A connector of it, made with the contract as all are. */
export function sourceOf(platform: FakePlatform) {
  const set = <P>(name: keyof typeof values, params: P) =>
    action({
      title: `Set the ${name}`,
      params: params as typeof BudgetParams,
      settleMs: 5,
      read: async (_: SourceContext) => ({ [values[name]]: await platform.read(name) }),
      wanted: asked => ({ [values[name]]: (asked as unknown as Record<string, number>)[values[name]]! }),
      write: async (_, wanted) => platform.write(name, wanted[values[name]] as never),
    })
  return connector({
    id: 'fake',
    title: 'Fake',
    version: '1.0.0',
    platform: 'meta',
    config: object({ accounts: array(string()) }),
    check: async () => {},
    streams: {},
    accounts: ({ accounts }) => accounts,
    actions: {
      setBudget: set('budget', BudgetParams) as never,
      setStatus: set('status', StatusParams) as never,
      setBid: set('bid', BidParams) as never,
    },
  })
}
