import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

/** A file of a zip, as Stash's reader sees it: by the zip's directory at its end. */
export interface ZipEntry {
  name: string;
  /** Unix mode, 0 when the zip was not made on Unix: Stash then makes the file unreadable. */
  mode: number;
  /** ISO form of the date without a zone, as a zip has it. */
  date: string;
}

const ENTRY = 0x02014b50;
const END = 0x06054b50;
const END_BYTES = 22;
const UNIX = 3;

/** The entries in the order of the zip's directory. @throws Error for what is no zip, or has a comment at its end. */
export function zipEntries(zip: Uint8Array): ZipEntry[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = zip.byteLength - END_BYTES;
  if (view.getUint32(end, true) !== END) throw new Error('no zip, or one with a comment');
  let at = view.getUint32(end + 16, true);
  return Array.from({ length: view.getUint16(end + 10, true) }, () => {
    if (view.getUint32(at, true) !== ENTRY) throw new Error('a damaged zip');
    const nameLength = view.getUint16(at + 28, true);
    const entry = {
      name: new TextDecoder().decode(zip.subarray(at + 46, at + 46 + nameLength)),
      mode: zip[at + 5] === UNIX ? view.getUint16(at + 40, true) & 0o777 : 0,
      date: dosDate(view.getUint16(at + 14, true), view.getUint16(at + 12, true)),
    };
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    return entry;
  });
}

function dosDate(day: number, time: number): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  const date = [1980 + (day >> 9), pad((day >> 5) & 15), pad(day & 31)].join('-');
  return `${date}T${[time >> 11, (time >> 5) & 63, (time & 31) * 2].map(pad).join(':')}`;
}

/** Unpacks a zip into a folder as Stash's package manager does: file modes from the zip. */
export function unpackZip(zip: Uint8Array, folder: string): void {
  const contents = unzipSync(zip);
  for (const { name, mode } of zipEntries(zip)) {
    const content = contents[name];
    if (!content) throw new Error(`the zip lacks the content of ${name}`);
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content, { mode });
  }
}
