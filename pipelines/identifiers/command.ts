import type { Model } from '../../engine/cli/model.ts'
import { answerLine } from './model/answer.ts'

/** `stratum model identifiers`: an answer for each line of stdin. Empty lines are passed over. */
export const run: Model = async function* ({ lines }) {
  let line = 0
  for await (const text of lines()) {
    line++
    if (text.trim() !== '') yield { ...answerLine(text, `stdin, line ${line}`) }
  }
}
