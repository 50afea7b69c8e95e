import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Session } from 'chdb'
import type { Request } from './request.ts'

export interface Outcome {
  readonly bytes: Buffer
  readonly rowsRead: number
  readonly bytesRead: number
}

/** Users by name. `readonly` is the server's setting of that name: 1 may not change settings either. */
export type Users = Readonly<Record<string, { readonly password: string; readonly readonly?: 1 | 2 }>>

/** Runs statements on chDB, each in a session of its own: settings of chDB stay with their session. */
export class Statements {
  readonly #dir: string
  readonly #first: Session
  readonly #users: Users
  #files = 0

  constructor(dir: string, users: Users) {
    this.#dir = dir
    this.#users = users
    // chDB closes its files with its last session.
    this.#first = new Session(join(dir, 'chdb'))
  }

  /** @throws what chDB throws: `refusalOf` reads it */
  async run(request: Request): Promise<Outcome> {
    const session = new Session(this.#first.path)
    try {
      const readonly = this.#users[request.user]?.readonly
      if (request.database !== null) await session.queryAsync(`USE \`${request.database}\``)
      const params = Object.entries(request.params).map(([name, value]) => [`param_${name}`, value] as const)
      await set(session, params)
      if (readonly !== undefined) await set(session, [['readonly', String(readonly)]])
      // Last, or it would refuse the others.
      const { readonly: asked, ...settings } = request.settings
      await set(session, Object.entries(settings))
      if (asked !== undefined && asked !== String(readonly)) await set(session, [['readonly', asked]])
      return request.rows ? await this.#insert(session, request) : await query(session, request)
    } finally {
      session.close()
    }
  }

  /** chDB takes query text only, so bytes go through a file. Its insert-select has to be told to deduplicate. */
  async #insert(session: Session, request: Request): Promise<Outcome> {
    const { format, bytes } = request.rows!
    const file = join(this.#dir, `body-${++this.#files}`)
    const target = request.sql.replace(/\bFORMAT\s+\w+\s*$/i, '')
    const columns = /\(([^()]*)\)\s*$/.exec(target)?.[1] ?? '*'
    writeFileSync(file, bytes)
    try {
      await set(session, [['deduplicate_insert_select', 'force_enable']])
      const sql = `${target} SELECT ${columns} FROM file('${file}', '${format}')`
      return await query(session, { ...request, sql })
    } finally {
      rmSync(file, { force: true })
    }
  }
}

async function query(session: Session, { sql, format }: Request): Promise<Outcome> {
  const result = await session.queryAsync(sql, { format })
  const { rowsRead, bytesRead } = result
  return { bytes: Buffer.from(result.bytes()), rowsRead, bytesRead }
}

async function set(session: Session, values: readonly (readonly [string, string])[]): Promise<void> {
  if (values.length === 0) return
  const list = values.map(
    ([name, value]) => `${name} = '${value.replace(/\\/g, '\\\\').replace(/'/g, "''")}'`,
  )
  await session.queryAsync(`SET ${list.join(', ')}`)
}
