/** The document that Stash writes to a plugin's stdin, checked as far as every kind of invocation needs it. */
export interface PluginInput {
  /** How to reach Stash; checked where it is used, because a hook never does. */
  serverConnection: Record<string, unknown>;
  args: Record<string, unknown>;
}

/**
 * Reads Stash's input document.
 *
 * @throws InputError with one sentence for the user.
 */
export function parsePluginInput(text: string): PluginInput {
  if (text.trim() === '') {
    throw new InputError(
      'Stash2Plex got no input. It is started by Stash: run its tasks from Settings > Tasks, or leave its hooks to Stash.',
    );
  }
  const document = parseJson(text);
  if (!isRecord(document))
    throw new InputError('Stash2Plex expects one JSON object on stdin, as Stash sends it.');
  const { server_connection: serverConnection, args } = document;
  if (!isRecord(serverConnection)) {
    throw new InputError('The input has no "server_connection" object, so Stash2Plex cannot reach Stash.');
  }
  if (args !== undefined && args !== null && !isRecord(args)) {
    throw new InputError('"args" in the input must be a JSON object.');
  }
  return { serverConnection, args: args ?? {} };
}

/** The input document is not what Stash sends. The message is for the user. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the input, which holds the session cookie.
    throw new InputError(
      'The input on stdin is not valid JSON; Stash2Plex expects the document that Stash sends.',
    );
  }
}

/** Whether `value` is a JSON object (no array, not null). */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
