import type { Model } from '../../engine/cli/model.ts'
import { answerLine } from './model/answer.ts'
import { checkTrustSettings } from './settings/check.ts'
import { policyOf } from './settings/policy.ts'

/** `stratum model trust`: an answer for each line of stdin, by the default settings. Empty lines are passed over. */
export const run: Model = async function* ({ lines }) {
  const policy = policyOf(checkTrustSettings({}).settings!, 0)
  let line = 0
  for await (const text of lines()) {
    line++
    if (text.trim() !== '') yield { ...answerLine(text, `stdin, line ${line}`, policy) }
  }
}
