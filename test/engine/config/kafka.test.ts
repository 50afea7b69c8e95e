import t from 'tap'
import { loadConfig, redact, SETTINGS_SCHEMA } from '../../../engine/config/index.ts'

const load = (kafka: Readonly<Record<string, unknown>>) =>
  loadConfig({ env: {}, overrides: { kafka } as never }).kafka

t.test('what cannot be is refused with its name and its limits', async t => {
  for (const [settings, message] of [
    [{ groups: 0 }, /\/kafka\/groups /],
    [{ groups: 1025 }, /\/kafka\/groups /],
    [{ commitMs: 0.5 }, /\/kafka\/commitMs /],
    [{ sessionMs: 5_999 }, /\/kafka\/sessionMs /],
    [{ compression: 'lzma' }, /\/kafka\/compression /],
    [{ brokers: '' }, /\/kafka\/brokers /],
    [{ sasl: { mechanism: 'gssapi' } }, /\/kafka\/sasl\/mechanism /],
    [{ broker: 'kafka:9092' }, /\/kafka\/broker /],
  ] as const)
    t.throws(() => load(settings), { code: 'CONFIG_INVALID', message }, JSON.stringify(settings))
})

t.test('secrets of the connection are never shown', async t => {
  const settings = {
    kafka: {
      brokers: 'kafka:9092',
      tls: { passphrase: 's1' },
      sasl: { username: 'u', password: 's2', clientSecret: 's3' },
    },
  }
  const shown = JSON.stringify(redact(settings, SETTINGS_SCHEMA))
  t.notMatch(shown, /s1|s2|s3/)
  t.match(shown, /kafka:9092/)
})
