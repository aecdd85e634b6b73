/** Classes whose jobs fail because of an outage only: trying them again is always right. */
export const SAFE_RETRY_ERROR_TYPES: readonly string[] = ['PlexServerDown'];

/** Classes that an outage may cause among other things. */
export const OPTIONAL_RETRY_ERROR_TYPES: readonly string[] = ['PlexTemporaryError', 'PlexNotFound'];

/** Classes that trying again does not help; never recovered. */
export const PERMANENT_ERROR_TYPES: readonly string[] = [
  'PlexPermanentError',
  'PlexAuthError',
  'PlexPermissionError',
];

/** The classes that a recovery looks for, as a fresh list: the safe ones, then on demand the optional ones. */
export function getErrorTypesForRecovery(includeOptional = false): string[] {
  return includeOptional
    ? [...SAFE_RETRY_ERROR_TYPES, ...OPTIONAL_RETRY_ERROR_TYPES]
    : [...SAFE_RETRY_ERROR_TYPES];
}
