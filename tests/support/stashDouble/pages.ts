/** The login page: what an unauthenticated client ends up with if it follows redirects, with status 200. */
export const LOGIN_PAGE =
  '<!DOCTYPE html><html lang="en"><head><title>Login | Stash</title></head><body>' +
  '<form action="/login" method="POST"><input name="username"><input name="password" type="password"></form>' +
  '</body></html>';

/** What `/scene/<id>/screenshot` answers when there is no cover, with status 200. */
export const PLACEHOLDER_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="#30404d"/></svg>';
