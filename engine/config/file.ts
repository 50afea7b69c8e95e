import { readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'
import { messageOf, StratumError } from '../errors.ts'

/**
 * What is in a YAML or JSON file (JSON is YAML). An empty file is null.
 * @throws StratumError CONFIG_INVALID with file, line and what is wrong there
 */
export function readConfigFile(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    const why = code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code ?? messageOf(cause)})`
    throw new StratumError('CONFIG_INVALID', `${file}: ${why}`, { cause })
  }
  const document = parseDocument(text, { prettyErrors: false })
  const error = document.errors[0]
  if (error) {
    const line = text.slice(0, error.pos[0]).split('\n').length
    throw new StratumError('CONFIG_INVALID', `${file} line ${line}: ${error.message}`, { cause: error })
  }
  try {
    return document.toJS()
  } catch (cause) {
    throw new StratumError('CONFIG_INVALID', `${file}: ${messageOf(cause)}`, { cause })
  }
}
