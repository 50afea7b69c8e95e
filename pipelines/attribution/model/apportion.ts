/**
 * A whole number of units shared out by weights, in whole units that add up to it exactly: each its share rounded down,
 * what is left over one by one to those that lost most, of equals to the earlier (largest remainder, Hamilton). What
 * was added in such parts can be taken off to the last unit.
 * @param total a safe integer, 0 or more
 * @throws RangeError: no weight above 0, or a total that is none
 */
export function apportion(total: number, weights: readonly number[]): number[] {
  if (!Number.isSafeInteger(total) || total < 0)
    throw new RangeError(`${total} cannot be shared out in whole units`)
  let all = 0
  for (const weight of weights) all += weight
  if (!(all > 0 && Number.isFinite(all)))
    throw new RangeError(`weights that add up to ${all} share out nothing`)
  const parts = new Array<number>(weights.length)
  const lost = new Array<number>(weights.length)
  let left = total
  for (let i = 0; i < weights.length; i++) {
    const share = total * (weights[i]! / all)
    const part = Math.floor(share)
    parts[i] = part
    lost[i] = weights[i]! > 0 ? share - part : NOTHING
    left -= part
  }
  if (left > 0 && left <= FEW) giveFew(parts, lost, weights, left)
  else if (left !== 0) settle(parts, lost, weights, left)
  return parts
}

/** What has no weight gets nothing, whatever is left. */
const NOTHING = -1
/** So few are found sooner by looking than by sorting. */
const FEW = 8

function giveFew(parts: number[], lost: number[], weights: readonly number[], left: number): void {
  for (; left > 0; left--) {
    let at = 0
    for (let i = 1; i < lost.length; i++) if (lost[i]! > lost[at]!) at = i
    if (lost[at]! < 0) return settle(parts, lost, weights, left)
    parts[at]! += 1
    lost[at]! -= 1
  }
}

/** Shares of large totals are rounded: more may have been given than there is, or more be left than there are parts. */
function settle(parts: number[], lost: readonly number[], weights: readonly number[], left: number): void {
  const step = Math.sign(left)
  const order = lost.map((_, i) => i).filter(i => weights[i]! > 0)
  order.sort((a, b) => step * (lost[b]! - lost[a]!) || a - b)
  for (let i = 0; left !== 0; i = (i + 1) % order.length) {
    const at = order[i]!
    if (step < 0 && parts[at] === 0) continue
    parts[at]! += step
    left -= step
  }
}
