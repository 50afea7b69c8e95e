/** Whole numbers in rising order as first and last of each run of them: 1, 2, 3, 7 is [1, 3, 7, 7]. */
export function rangesOf(numbers: readonly number[]): number[] {
  const ranges: number[] = []
  for (const n of numbers)
    if (ranges.length > 0 && ranges[ranges.length - 1] === n - 1) ranges[ranges.length - 1] = n
    else ranges.push(n, n)
  return ranges
}

export function numbersOf(ranges: readonly number[]): number[] {
  const numbers: number[] = []
  for (let i = 0; i < ranges.length; i += 2)
    for (let n = ranges[i]!; n <= ranges[i + 1]!; n++) numbers.push(n)
  return numbers
}
