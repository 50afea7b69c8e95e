/** What happened in an arm of an experiment. */
export interface Arm {
  readonly name: string
  readonly conversions: number
  readonly users: number
}

/**
 * An arm as it is written on a command line: `NAME:conversions/users`.
 * @throws RangeError: says what is wrong with it
 */
export function armOf(text: string): Arm {
  const refuse = (why: string) => new RangeError(`arm "${text}": ${why}`)
  const found = /^(.+):([^:/]*)\/([^:/]*)$/.exec(text.trim())
  if (!found) throw refuse('write NAME:conversions/users, as control:500/10000')
  const [, name = '', ...counts] = found
  const [conversions, users] = counts.map(count => (/^\d+$/.test(count) ? Number(count) : Number.NaN))
  if (!Number.isSafeInteger(conversions) || !Number.isSafeInteger(users))
    throw refuse('conversions and users are whole numbers of 0 or more')
  if (users === 0) throw refuse('an arm without users tells nothing')
  if (conversions! > users!) throw refuse(`${conversions} of ${users} users cannot have converted`)
  return { name: name.trim(), conversions: conversions!, users: users! }
}

/** @throws RangeError: fewer than two arms, or two of one name */
export function armsOf(texts: readonly string[]): [Arm, Arm, ...Arm[]] {
  const arms = texts.map(armOf)
  const twice = arms.find((arm, i) => arms.findIndex(other => other.name === arm.name) !== i)
  if (twice) throw new RangeError(`there are two arms "${twice.name}": each has a name of its own`)
  if (arms.length < 2) throw new RangeError('an experiment has at least two arms, the control first')
  return arms as [Arm, Arm, ...Arm[]]
}
