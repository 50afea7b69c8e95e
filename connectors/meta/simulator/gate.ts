import type { FastifyReply } from 'fastify'
import type { Call } from './call.ts'
import { type GraphError, missing, Refused } from './refused.ts'
import type { Store } from './store.ts'
import type { Tokens } from './tokens.ts'
import type { Usage } from './usage.ts'

/** An error to order, in place of the next answer that would be given at a path (without the version). */
export interface OrderedFault {
  readonly path: RegExp
  readonly error: GraphError
  readonly headers?: Readonly<Record<string, string>>
}

export interface GateOptions {
  readonly tokens: Tokens
  readonly store: Store
  /** Null: it has no limits. */
  readonly usage: Usage | null
  /** Every call has to be signed with the app's secret. */
  readonly needsProof: boolean
}

const NEEDS_PROOF = 'API calls from the server require an appsecret_proof argument'

/** What stands before every call: tokens, rights, limits, and faults that were ordered. */
export class Gate {
  readonly faults: OrderedFault[] = []
  /** Calls by method and edge: `GET insights`, `POST insights`, `GET (object)`. */
  readonly calls = new Map<string, number>()
  readonly #o: GateOptions

  constructor(options: GateOptions) {
    this.#o = options
  }

  /** @param owner the account it is about; null: of none @throws Refused */
  admit(call: Call, owner: string | null, reply: FastifyReply): void {
    const { tokens, usage, needsProof } = this.#o
    const what = `${call.isWrite ? 'POST' : 'GET'} ${call.edge ?? '(object)'}`
    this.calls.set(what, (this.calls.get(what) ?? 0) + 1)
    if (call.token === null)
      throw new Refused({
        code: 104,
        message: 'An access token is required to request this resource.',
      })
    // An app may ask in its own name.
    if (call.token === `${tokens.app.id}|${tokens.app.secret}`) return
    const { scopes } = tokens.accept(call.token)
    const proof = call.params.appsecret_proof
    if (proof !== undefined) tokens.checkProof(call.token, proof)
    else if (needsProof) throw new Refused({ code: 100, type: 'GraphMethodException', message: NEEDS_PROOF })
    if (owner !== null) {
      this.#checkRights(call, scopes)
      const useCase = call.edge === 'insights' ? 'ads_insights' : 'ads_management'
      const counted = usage?.count(owner, useCase, call.isWrite ? 3 : 1)
      if (counted) reply.headers(counted.headers)
      if (counted?.error) throw counted.error
    }
    this.#giveOrdered(call, reply)
  }

  #checkRights(call: Call, scopes: ReadonlySet<string>): void {
    const isReport = call.edge === 'insights'
    const may = scopes.has('ads_management') || ((!call.isWrite || isReport) && scopes.has('ads_read'))
    if (may) return
    const right = call.isWrite && !isReport ? 'ads_management' : 'ads_management or ads_read'
    throw new Refused({
      code: 200,
      status: 403,
      message: `(#200) Ad account owner has NOT granted ${right} permission`,
    })
  }

  #giveOrdered(call: Call, reply: FastifyReply): void {
    const path = [call.id, call.edge].filter(part => part !== null).join('/')
    const at = this.faults.findIndex(fault => fault.path.test(path))
    if (at < 0) return
    const [fault] = this.faults.splice(at, 1)
    if (fault!.headers) reply.headers(fault!.headers)
    throw new Refused(fault!.error)
  }

  /** @throws Refused: no account of this world */
  account(id: string) {
    const account = this.#o.store.account(id)
    if (account === undefined) throw missing(`act_${id}`)
    return account
  }
}
