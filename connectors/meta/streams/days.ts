export const earlier = (a: string, b: string): string => (a < b ? a : b)
