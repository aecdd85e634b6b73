/** What Stash makes of a run. On success `output` is always present (null if the plugin gave none). */
export interface PluginResult {
  output?: unknown;
  error?: string;
}

/** How the process ended. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** Go's names of signals, as in `signal: killed`. */
const SIGNAL_TEXTS: Readonly<Record<string, string>> = {
  SIGHUP: 'hangup',
  SIGINT: 'interrupt',
  SIGQUIT: 'quit',
  SIGILL: 'illegal instruction',
  SIGTRAP: 'trace/breakpoint trap',
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGPIPE: 'broken pipe',
  SIGTERM: 'terminated',
};

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Decodes stdout as Go decodes it into `struct { Error *string; Output any }`: keys ignore case, the last one wins. */
function decode(text: string): PluginResult {
  const parsed = parseJson(text);
  if (parsed === undefined || Array.isArray(parsed.value)) return { output: text };
  if (parsed.value === null) return { output: null };
  if (typeof parsed.value !== 'object') return { output: text };
  let output: unknown = null;
  let error: string | null = null;
  let wrongType = false;
  for (const [key, value] of Object.entries(parsed.value)) {
    if (key.toLowerCase() === 'output') output = value;
    if (key.toLowerCase() !== 'error') continue;
    // A value of the wrong type fails the decoding as a whole, but leaves a non-null empty string behind.
    if (value !== null && typeof value !== 'string') wrongType = true;
    error = value === null || typeof value === 'string' ? value : '';
  }
  if (wrongType) return { output: text, error: error ?? '' };
  if (error === null) return { output };
  return output === null ? { error } : { output, error };
}

function endError(end: ProcessEnd): string | undefined {
  if (end.signal !== null) return `signal: ${SIGNAL_TEXTS[end.signal] ?? end.signal}`;
  return end.exitCode === 0 ? undefined : `exit status ${end.exitCode}`;
}

/** The table of section 4: stdout and the way the process ended → the result. A parsed error beats the exit status. */
export function parsePluginOutput(stdout: string, end: ProcessEnd): PluginResult {
  const result = decode(stdout);
  const failure = endError(end);
  return result.error === undefined && failure !== undefined ? { ...result, error: failure } : result;
}
