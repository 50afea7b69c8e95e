import type { JsonSchema } from '../source/port.ts'

/** What the settings are made of. */

export const count = (standard: number, title: string, maximum?: number): JsonSchema => ({
  type: 'integer',
  minimum: 1,
  ...(maximum === undefined ? {} : { maximum }),
  default: standard,
  title,
})

export const text = (title: string, more: JsonSchema = {}): JsonSchema => ({
  type: 'string',
  minLength: 1,
  title,
  ...more,
})

/** Masked wherever it is shown. */
export const secret = (title: string, more: JsonSchema = {}): JsonSchema => ({
  type: 'string',
  title,
  secret: true,
  ...more,
})

/** Every section has a default, so that an empty file is a complete configuration. */
export const section = (title: string, properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: 'object',
  title,
  properties,
  additionalProperties: false,
  default: {},
})

/** How a server's certificate is checked, and the client shows one of its own. */
export const TLS_FILES: Readonly<Record<string, JsonSchema>> = {
  ca: text('Authorities to trust instead of those of the system (a file, PEM)'),
  cert: text('Certificate of this client (a file, PEM)'),
  key: text('Its key (a file, PEM)'),
  passphrase: secret('Passphrase of the key'),
  verify: { type: 'boolean', default: true, title: 'false: any certificate is taken' },
}
