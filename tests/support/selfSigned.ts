/**
 * A certificate that nobody vouches for, of the name `plex.example`, valid for a hundred years, and its key. Made for the tests by
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=plex.example
 * -addext subjectAltName=DNS:plex.example`; it protects nothing.
 */
export const SELF_SIGNED = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBnzCCAUSgAwIBAgIUeuUJVTDLT3d9CaqWFas5ZXQC8+gwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMcGxleC5leGFtcGxlMCAXDTI2MTEyMTE2MjE0MloYDzIxMjYx
MDI4MTYyMTQyWjAXMRUwEwYDVQQDDAxwbGV4LmV4YW1wbGUwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAREoyI7ClrPIjOE8MiET3GLyUlUOVQR87s/Gg6CBLXa5Tjt
zXkEswPGffznrY6dhGhNhhIQDXo7PTTJUlhu+98go2wwajAdBgNVHQ4EFgQUfJ+E
vy51H6PyaQnlHLox057Q1PwwHwYDVR0jBBgwFoAUfJ+Evy51H6PyaQnlHLox057Q
1PwwDwYDVR0TAQH/BAUwAwEB/zAXBgNVHREEEDAOggxwbGV4LmV4YW1wbGUwCgYI
KoZIzj0EAwIDSQAwRgIhAJIUEQ6SPrnibwOtASvXsQtxgiHS9NoOsq/cS+WL+2uG
AiEAkAP3a9qsBb8PJI/cYDWLU4wILBY48XkCs4SDws6PrTw=
-----END CERTIFICATE-----`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgleKShVrybPGyjHhE
GkJkE/V2r6VW6ZcbDNrNUPKy7XihRANCAAREoyI7ClrPIjOE8MiET3GLyUlUOVQR
87s/Gg6CBLXa5TjtzXkEswPGffznrY6dhGhNhhIQDXo7PTTJUlhu+98g
-----END PRIVATE KEY-----`,
};
