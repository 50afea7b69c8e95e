/** What stands where a person's address or number stood. */
export const REDACTED = '(redacted)'
