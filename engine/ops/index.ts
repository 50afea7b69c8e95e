import { verifyAudit } from './audit.ts'
import { apply, plan } from './change.ts'
import { sendCommand } from './command.ts'
import {
  addConnection,
  changeConnection,
  checkConnection,
  listConnections,
  pauseConnection,
  rekeyConnections,
  removeConnection,
  resumeConnection,
  showConnection,
  syncConnection,
} from './connections.ts'
import { listLetters, showLetter } from './deadletters.ts'
import { replayDecision } from './decision.ts'
import { lag } from './lag.ts'
import type { Operation } from './operation.ts'
import { pause, resume } from './pause.ts'
import { query } from './query.ts'
import { editLetter, replayLetters } from './repair.ts'
import { setSettings, showSettings } from './settings.ts'
import { tap } from './tap.ts'
import { top } from './top.ts'
import { topics } from './topics.ts'
import { verify } from './verify.ts'

export const operations: Readonly<Record<string, Operation>> = {
  query,
  tap,
  topics,
  lag,
  top,
  pause,
  resume,
  plan,
  apply,
  verify,
  'verify.audit': verifyAudit,
  'connections.add': addConnection,
  'connections.change': changeConnection,
  'connections.list': listConnections,
  'connections.show': showConnection,
  'connections.check': checkConnection,
  'connections.pause': pauseConnection,
  'connections.resume': resumeConnection,
  'connections.remove': removeConnection,
  'connections.sync': syncConnection,
  'connections.rekey': rekeyConnections,
  'command.send': sendCommand,
  'decision.replay': replayDecision,
  'settings.show': showSettings,
  'settings.set': setSettings,
  'deadletters.list': listLetters,
  'deadletters.show': showLetter,
  'deadletters.edit': editLetter,
  'deadletters.replay': replayLetters,
}
