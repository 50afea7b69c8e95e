import { existsSync } from 'node:fs'
import t from 'tap'
import { postgresMissing, startPostgres } from '../../support/servers/postgres.ts'
import { redisMissing, startRedis } from '../../support/servers/redis.ts'

t.test(
  'PostgreSQL comes back from kill -9 with what it has committed',
  { skip: postgresMissing() ?? false },
  async t => {
    const postgres = await startPostgres({ max_connections: '10' })
    t.teardown(() => postgres.stop())
    t.equal(await postgres.sql('SHOW max_connections'), '10')
    await postgres.sql("CREATE TABLE things (id int, name text); INSERT INTO things VALUES (1, 'one')")
    const { pid } = postgres
    await postgres.kill()
    await t.rejects(postgres.sql('SELECT 1'))
    await postgres.restart()
    t.not(postgres.pid, pid)
    t.equal(await postgres.sql('SELECT * FROM things'), '1|one')

    await t.test('a restart does not wait for the statements of others', async t => {
      const sleeping = t.rejects(postgres.sql('SELECT pg_sleep(3600)'))
      while (
        (await postgres.sql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%sleep(3600)'")) !== '1'
      );
      await postgres.restart()
      await sleeping
      t.equal(await postgres.sql('SELECT * FROM things'), '1|one')
    })

    await postgres.stop()
    t.notOk(existsSync(postgres.dir))
  },
)

t.test(
  'Redis comes back from kill -9 with what it has acknowledged',
  { skip: redisMissing() ?? false },
  async t => {
    const redis = await startRedis({ maxmemory: '10mb' })
    t.teardown(() => redis.stop())
    t.match(await redis.command('CONFIG', 'GET', 'maxmemory'), '10485760')
    t.equal(await redis.command('SET', 'thing', 'one'), 'OK')
    const { pid } = redis
    await redis.kill()
    await t.rejects(redis.command('PING'))
    await redis.restart()
    t.not(redis.pid, pid)
    t.equal(await redis.command('GET', 'thing'), 'one')
    await redis.stop()
    t.notOk(existsSync(redis.dir))
  },
)
