/** How a tenant may be named: 1 to 63 letters, digits, `-` or `_`, a letter or digit first. */
export const isTenant = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(text)
