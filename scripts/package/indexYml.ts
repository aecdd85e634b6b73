import { createHash } from 'node:crypto';
import { stringify } from 'yaml';

/** The plugin as `index.yml` tells of it. */
export interface IndexEntry {
  id: string;
  name: string;
  description: string;
  version: string;
  date: Date;
  /** File name of the zip, which lies beside the index. */
  path: string;
  zip: Uint8Array;
}

/**
 * The index that Stash reads from a source's address (protocol section 13). An update is offered when the date is later than that of what
 * is installed; Stash reads the date in this form only, as UTC.
 */
export function indexYml({ id, name, description, version, date, path, zip }: IndexEntry): string {
  const entry = {
    id,
    name,
    version,
    date: date.toISOString().slice(0, 19).replace('T', ' '),
    path,
    sha256: createHash('sha256').update(zip).digest('hex'),
    requires: [],
    metadata: { description },
  };
  // Version 1.1 is what Stash's reader knows: it quotes whatever looks like something else than a text there.
  return stringify([entry], { version: '1.1', lineWidth: 0 });
}
