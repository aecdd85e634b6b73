/** Why no usable HTTP answer came. `certificate` needs the user, the others pass. */
export type NetworkErrorKind = 'unreachable' | 'interrupted' | 'timeout' | 'certificate';

const KINDS: Readonly<Record<string, NetworkErrorKind>> = {
  // Nobody answers at that address.
  ECONNREFUSED: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_FAIL: 'unreachable',
  EAI_AGAIN: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  UND_ERR_CONNECT_TIMEOUT: 'unreachable',
  // A connection was there and broke; a kept socket that the server closed meanwhile looks the same.
  ECONNRESET: 'interrupted',
  ECONNABORTED: 'interrupted',
  EPIPE: 'interrupted',
  UND_ERR_SOCKET: 'interrupted',
  UND_ERR_CLOSED: 'interrupted',
  UND_ERR_DESTROYED: 'interrupted',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'interrupted',
  // What answers is no (complete) HTTP.
  EPROTO: 'interrupted',
  // https where plain http answers: waiting does not help.
  ERR_SSL_WRONG_VERSION_NUMBER: 'certificate',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'certificate',
  UND_ERR_HEADERS_OVERFLOW: 'interrupted',
  // Our deadline, or the system's.
  ETIMEDOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_ABORTED: 'timeout',
  ABORT_ERR: 'timeout',
};

const MAX_CAUSES = 10;

/**
 * Classifies what an HTTP call threw, by its code and those of its causes, never by its text (W-15).
 *
 * @returns undefined when the error has nothing to do with the network.
 */
export function networkErrorKind(error: unknown): NetworkErrorKind | undefined {
  for (const current of causesOf(error)) {
    const { code, name, errors } = current;
    if (name === 'TimeoutError' || name === 'AbortError') return 'timeout';
    // undici gives this one no code of its own.
    if (name === 'HTTPParserError') return 'interrupted';
    if (typeof code === 'string') {
      const kind =
        KINDS[code] ??
        (isCertificateCode(code) ? 'certificate' : isProtocolCode(code) ? 'interrupted' : undefined);
      if (kind) return kind;
    }
    // Several addresses were tried (IPv6 and IPv4): the first failure stands for all.
    if (Array.isArray(errors) && errors.length > 0) return networkErrorKind(errors[0]);
  }
  return undefined;
}

/** The innermost code, for messages. */
export function networkErrorCode(error: unknown): string | undefined {
  let found: string | undefined;
  for (const current of causesOf(error)) {
    if (typeof current['code'] === 'string') found = current['code'];
    else if (current['name'] === 'TimeoutError') found ??= 'TIMEOUT';
  }
  return found;
}

/** An error and its causes, outermost first; bounded, because nobody promises that they end. */
function* causesOf(error: unknown): Generator<Record<string, unknown>> {
  let current = error;
  for (let depth = 0; depth < MAX_CAUSES && isObject(current); depth += 1) {
    yield current;
    current = current['cause'];
  }
}

function isCertificateCode(code: string): boolean {
  return /^(CERT_|ERR_TLS_CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA)/.test(code);
}

/** `llhttp` or TLS codes: the answer was cut off, is no HTTP, or no TLS. */
function isProtocolCode(code: string): boolean {
  return code.startsWith('HPE_') || code.startsWith('ERR_SSL_');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
