/** Go's `http.Cookie` as it appears in `server_connection`: only `Name` and `Value` are ever filled in (section 3). */
export interface SessionCookie {
  readonly Name: string;
  readonly Value: string;
  readonly Quoted: boolean;
  readonly Path: string;
  readonly Domain: string;
  readonly Expires: string;
  readonly RawExpires: string;
  readonly MaxAge: number;
  readonly Secure: boolean;
  readonly HttpOnly: boolean;
  readonly SameSite: number;
  readonly Partitioned: boolean;
  readonly Raw: string;
  readonly Unparsed: null;
}

/** The `server_connection` object of the stdin document (section 3); key order is part of the format. */
export interface ServerConnection {
  readonly Scheme: 'http' | 'https';
  /** The configured **listen** address, for example `0.0.0.0` or `::`. */
  readonly Host: string;
  readonly Port: number;
  readonly SessionCookie: SessionCookie | null;
  readonly Dir: string;
  /** Directory of the plugin's yml. Empty = the plugin host fills it in. */
  readonly PluginDir: string;
}

/** Builds the session cookie object around a value, every other member zero-valued as Go leaves it. */
export function sessionCookie(value: string): SessionCookie {
  return {
    Name: 'session',
    Value: value,
    Quoted: false,
    Path: '',
    Domain: '',
    Expires: '0001-01-01T00:00:00Z',
    RawExpires: '',
    MaxAge: 0,
    Secure: false,
    HttpOnly: false,
    SameSite: 0,
    Partitioned: false,
    Raw: '',
    Unparsed: null,
  };
}
