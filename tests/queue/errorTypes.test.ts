import { describe, expect, it } from 'vitest';
import {
  getErrorTypesForRecovery,
  OPTIONAL_RETRY_ERROR_TYPES,
  PERMANENT_ERROR_TYPES,
  SAFE_RETRY_ERROR_TYPES,
} from '../../src/queue/errorTypes.ts';

describe('the classes of errors', () => {
  it('are safe, optional or permanent (DR-1)', () => {
    expect(SAFE_RETRY_ERROR_TYPES).toEqual(['PlexServerDown']);
    expect(OPTIONAL_RETRY_ERROR_TYPES).toEqual(['PlexTemporaryError', 'PlexNotFound']);
    expect(PERMANENT_ERROR_TYPES).toEqual(['PlexPermanentError', 'PlexAuthError', 'PlexPermissionError']);
  });

  it('are recovered when they are safe, on demand when they are optional, never when permanent (DR-1)', () => {
    expect(getErrorTypesForRecovery()).toEqual(['PlexServerDown']);
    expect(getErrorTypesForRecovery(true)).toEqual(['PlexServerDown', 'PlexTemporaryError', 'PlexNotFound']);
  });

  it('come as a fresh list, which the caller may change (DR-1)', () => {
    getErrorTypesForRecovery().push('PlexPermanentError');
    expect(getErrorTypesForRecovery()).toEqual(['PlexServerDown']);
  });
});
