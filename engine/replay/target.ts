import { unknownName } from '../ops/args.ts'
import type { Application, Task } from '../stage/topology.ts'

/** What is replayed: a task, and of what it writes perhaps one stage's part only. */
export interface Target {
  readonly task: Task
  readonly stage: string | null
}

/** The task of a name, or the one a stage of that name is of. @throws USAGE with the nearest name and all there are */
export function targetOf({ tasks }: Pick<Application, 'tasks'>, name: string): Target {
  const named = tasks.find(t => t.name === name)
  if (named) return { task: named, stage: null }
  const task = tasks.find(t => t.stages.some(s => s.name === name))
  if (task) return { task, stage: name }
  const known = tasks.flatMap(t => [t.name, ...t.stages.map(s => s.name)])
  throw unknownName('task or stage', name, known)
}
