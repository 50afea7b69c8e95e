/**
 * Loaded before the program (`node --import`): counts its commits and inserts, and kills it with SIGKILL at the
 * moment the trigger names. The program has no part in it: its methods are wrapped from outside.
 */
import { isMainThread } from 'node:worker_threads'
import { ClickHouseClient } from '@clickhouse/client'
import { Cells } from '../../engine/log/lmdb/cells.ts'
import { LmdbWriter } from '../../engine/log/lmdb/writer.ts'
import { Engine } from '../../engine/runtime/engine.ts'
import { Cursors } from '../../engine/source/cursor.ts'
import { die, Trap, tell } from './trap.ts'
import { type Point, SIGNS, TRIGGER, type Trigger } from './trigger.ts'

function wrapCommits(trap: Trap): void {
  let cellsLeft = 0
  const cell = () => {
    if (cellsLeft > 0 && --cellsLeft === 0) die()
  }
  const { commit } = LmdbWriter.prototype
  LmdbWriter.prototype.commit = function (unit) {
    const { cells, leave } = trap.enter('commit', 'recovery')
    cellsLeft = cells
    // The transaction is over when the call comes back, not only when its promise does.
    const done = commit.call(this, unit)
    leave()
    return done.then(() => tell(SIGNS.commit))
  }
  const { setBound, setPosition, store } = Cells.prototype
  Cells.prototype.setBound = function (...args) {
    setBound.apply(this, args)
    cell()
  }
  Cells.prototype.setPosition = function (...args) {
    setPosition.apply(this, args)
    cell()
  }
  Cells.prototype.store = function (name, create) {
    if (create) cell()
    return store.call(this, name, create)
  }
}

type Statement = (params: { readonly query: string }) => Promise<unknown>

/** The prototype that has the method: the client's own class adds little to the common one. */
function ownerOf(name: string): Record<string, Statement> {
  let proto = ClickHouseClient.prototype as object
  while (!Object.hasOwn(proto, name)) proto = Object.getPrototypeOf(proto) as object
  return proto as Record<string, Statement>
}

function pointsOf(query: string): Point[] {
  if (query.startsWith('INSERT ')) return ['insert', 'recovery']
  if (query.startsWith('CREATE ')) return ['create']
  // The sink reads back the offsets of an open cut.
  return query.startsWith('SELECT _offset ') ? ['recovery'] : []
}

function wrapStatements(trap: Trap): void {
  for (const name of ['command', 'query']) {
    const proto = ownerOf(name)
    const original = proto[name]!
    proto[name] = async function (params) {
      const points = pointsOf(params.query)
      const { leave } = trap.enter(...points)
      const answer = await original.call(this, params)
      leave()
      if (points[0] === 'insert') tell(SIGNS.insert)
      return answer
    }
  }
}

function wrapPhases(trap: Trap): void {
  const { setPhase } = Cursors.prototype
  Cursors.prototype.setPhase = function (phase, runs) {
    // It becomes part of the very next commit.
    if (phase === 'idle') trap.arm('end')
    return setPhase.call(this, phase, runs)
  }
  const { drain } = Engine.prototype
  Engine.prototype.drain = function (signal) {
    trap.arm('drain')
    return drain.call(this, signal)
  }
}

// The program's own worker threads load this as well.
if (isMainThread) {
  const trap = new Trap(JSON.parse(process.env[TRIGGER] ?? 'null') as Trigger | null)
  wrapCommits(trap)
  wrapStatements(trap)
  wrapPhases(trap)
}
