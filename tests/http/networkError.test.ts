import { errors } from 'undici';
import { describe, expect, it } from 'vitest';
import { networkErrorCode, networkErrorKind } from '../../src/http/networkError.ts';

function coded(code: string, options?: ErrorOptions): Error {
  return Object.assign(new Error('fetch failed', options), { code });
}

describe('networkErrorKind', () => {
  it.each([
    ['unreachable', ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN']],
    ['unreachable', ['UND_ERR_CONNECT_TIMEOUT', 'EAI_FAIL']],
    ['interrupted', ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']],
    ['interrupted', ['HPE_INVALID_CONSTANT', 'HPE_UNEXPECTED_CONTENT_LENGTH']],
    ['timeout', ['ETIMEDOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ABORT_ERR']],
    ['certificate', ['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN']],
    ['certificate', ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY']],
    ['certificate', ['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH', 'ERR_SSL_WRONG_VERSION_NUMBER']],
  ] as const)('is %s for %j, outside or as a cause (W-15)', (kind, codes) => {
    for (const code of codes) {
      expect([code, networkErrorKind(coded(code))]).toEqual([code, kind]);
      const wrapped = new Error('outer', { cause: new TypeError('fetch failed', { cause: coded(code) }) });
      expect([code, networkErrorKind(wrapped)]).toEqual([code, kind]);
    }
  });

  it('takes an elapsed or aborted deadline for a time-out', () => {
    expect(networkErrorKind(new DOMException('x', 'TimeoutError'))).toBe('timeout');
    expect(networkErrorKind(new DOMException('x', 'AbortError'))).toBe('timeout');
  });

  it.each([
    [new errors.HTTPParserError('Response does not match the HTTP/1.1 protocol'), 'interrupted'],
    [new errors.SocketError('other side closed'), 'interrupted'],
    [new errors.ResponseContentLengthMismatchError(), 'interrupted'],
    [new errors.ConnectTimeoutError(), 'unreachable'],
    [new errors.HeadersTimeoutError(), 'timeout'],
    [new errors.BodyTimeoutError(), 'timeout'],
    [new errors.InvalidArgumentError('invalid header'), undefined],
  ])("knows undici's %s", (error, kind) => {
    expect(networkErrorKind(error)).toBe(kind);
  });

  it('looks into the failures of several addresses', () => {
    const error = new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]);
    expect(networkErrorKind(new TypeError('fetch failed', { cause: error }))).toBe('unreachable');
  });

  it('decides by code, never by text (W-15)', () => {
    for (const text of ['ECONNREFUSED', 'Max retries exceeded', 'certificate has expired', 'timed out']) {
      expect(networkErrorKind(new Error(text))).toBeUndefined();
    }
  });

  it.each([undefined, null, 'ECONNRESET', 42, {}, coded('ENOENT'), coded('ERR_INVALID_ARG_TYPE'), coded('')])(
    'has nothing to say about %j',
    (error) => {
      expect(networkErrorKind(error)).toBeUndefined();
    },
  );
});

describe('networkErrorCode', () => {
  it('names the innermost code', () => {
    expect(networkErrorCode(coded('UND_ERR_SOCKET', { cause: coded('ECONNRESET') }))).toBe('ECONNRESET');
    expect(networkErrorCode(new Error('x', { cause: new DOMException('x', 'TimeoutError') }))).toBe(
      'TIMEOUT',
    );
    expect(networkErrorCode(new Error('x'))).toBeUndefined();
  });
});
