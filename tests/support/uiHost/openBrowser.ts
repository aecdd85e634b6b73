import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflate } from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

const PACKAGE = fileURLToPath(new URL('../../../node_modules/@sparticuz/chromium/bin/', import.meta.url));
const UNPACKED = fileURLToPath(new URL('../../../node_modules/.cache/chromium/', import.meta.url));
/** What Chromium links to and a bare system does not have is in `al2023`. */
const ARCHIVES = ['chromium.br', 'fonts.tar.br', 'al2023.tar.br'];

/** Nothing is asked of the network but what a page asks for. */
const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts the Chromium of the package `@sparticuz/chromium`, or the one that `STASH2PLEX_TEST_BROWSER` names.
 *
 * @throws Error with a sentence when no browser runs on this machine: tests of the page then fail, they are not left out.
 */
export async function openBrowser(): Promise<Browser> {
  const own = process.env['STASH2PLEX_TEST_BROWSER'];
  try {
    if (own) return await chromium.launch({ executablePath: own, args: FLAGS });
    const folder = await unpacked();
    const launch = (env: Record<string, string>) =>
      chromium.launch({
        executablePath: join(folder, 'chromium'),
        args: FLAGS,
        env: { ...process.env, FONTCONFIG_FILE: join(folder, 'fonts.conf'), ...env },
      });
    // A system's own libraries fit its C library best.
    return await launch({}).catch(() => launch({ LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') }));
  } catch (cause) {
    throw new Error(
      'The tests of the page inside Stash cannot run here: no browser starts. The package @sparticuz/chromium brings one for Linux on x64; elsewhere name a Chromium in STASH2PLEX_TEST_BROWSER.',
      { cause },
    );
  }
}

/** The folder with the unpacked browser; unpacked aside and renamed, so that processes side by side never see half of it. */
async function unpacked(): Promise<string> {
  const folder = join(UNPACKED, 'chromium');
  if (existsSync(folder)) return folder;
  mkdirSync(UNPACKED, { recursive: true });
  const aside = mkdtempSync(join(UNPACKED, 'new-'));
  await Promise.all(ARCHIVES.map((archive) => unpackInto(aside, archive)));
  writeFileSync(join(aside, 'fonts.conf'), fontsConf(join(folder, 'fonts')));
  try {
    renameSync(aside, folder);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    // Another process was faster.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** The package unpacks into the system's folder for temporary files, which it looks up when it is called. */
function unpackInto(folder: string, archive: string): Promise<string> {
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    return inflate(join(PACKAGE, archive));
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

/** The package's own fonts and no others: texts are as wide on every machine. */
function fontsConf(fonts: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${fonts}</dir>
  <cachedir>${join(dirname(fonts), 'fonts-cache')}</cachedir>
</fontconfig>
`;
}
