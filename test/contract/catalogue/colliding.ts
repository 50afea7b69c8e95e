import { setTimeout as wait } from 'node:timers/promises'
import type { Test } from 'tap'
import { StratumError } from '../../../engine/errors.ts'
import { refusalOf } from '../../../engine/store/catalogue/trouble.ts'
import { addTenant, addUser, type CatalogueLab, house, NOW } from './lab.ts'

const acme = { tenant: 'acme' }

/** Transactions at the same time, of two programs: as if one came after the other. */
export function colliding(t: Test, lab: CatalogueLab): void {
  t.test('of changes at the same time none is lost', async t => {
    const { catalogue, open } = await house(t, lab)
    await addTenant(catalogue, 'acme')
    const programs = [catalogue, open()]
    const change = (i: number) =>
      programs[i % 2]!.transaction(acme, async session => {
        const [tenant] = await session.query<{ version: number }>('SELECT version FROM tenants')
        await session.query('UPDATE tenants SET version = $1', [tenant!.version + 1])
      })
    await Promise.all(Array.from({ length: 16 }, (_, i) => change(i)))
    t.same(await catalogue.query(acme, 'SELECT version FROM tenants'), [{ version: 17 }])
  })

  t.test('two who demote each other do not both: one of the last admins stays', async t => {
    const { catalogue, open } = await house(t, lab)
    await addTenant(catalogue, 'acme')
    const admins: string[] = []
    for (const name of ['a', 'b'])
      admins.push(await addUser(catalogue, `${name}@acme.test`, { acme: 'ADMIN' }))
    const programs = [catalogue, open()]
    const readers = new Set<number>()
    const demote = (i: number) =>
      programs[i]!.transaction(acme, async session => {
        const left = await session.query("SELECT FROM memberships WHERE role = 'ADMIN' AND user_id <> $1", [
          admins[i]!,
        ])
        readers.add(i)
        // Where they can run side by side both have read before one writes.
        for (let tries = 0; readers.size < 2 && tries < 20; tries++) await wait(10)
        if (left.length === 0) throw new StratumError('USAGE', 'the last admin')
        await session.query("UPDATE memberships SET role = 'VIEWER' WHERE user_id = $1", [admins[i]!])
      })
    const ended = await Promise.allSettled([demote(0), demote(1)])
    t.same(ended.map(e => e.status).sort(), ['fulfilled', 'rejected'])
    t.equal((await catalogue.query(acme, "SELECT FROM memberships WHERE role = 'ADMIN'")).length, 1)
  })

  t.test('two who change the same version of a setting: the second learns of the first', async t => {
    const { catalogue, open } = await house(t, lab)
    await addTenant(catalogue, 'acme')
    const put = (by: typeof catalogue, value: string) =>
      by.query(acme, "INSERT INTO settings VALUES ('acme', 'attribution', 1, $1, $2)", [value, NOW])
    const ended = await Promise.allSettled([put(catalogue, '1'), put(open(), '2')])
    const refused = ended.filter(e => e.status === 'rejected').map(e => refusalOf(e.reason))
    t.same(refused, [{ code: '23505', constraint: 'settings_pkey' }])
  })
}
