/**
 * A number as it is written down. What decides is rounded before it is compared, stored or hashed, so that a record read
 * again decides the same: 100·(120 ÷ 100 − 1) is 20 and not 19.999999999999996. Source: autopilot.md §0.
 */
export const recorded = (x: number): number => Math.round(x * 1e6) / 1e6
