import type { NoticeEvent } from '../config/noticeEvents.ts';
import { notifyUrlProblems } from '../config/notifyUrl.ts';
import { optionalSettings } from '../config/settings.ts';
import type { OptionalSettings } from '../config/settingsTable.ts';
import type { Logger } from '../log/logger.ts';
import type { Redactor } from '../log/redactor.ts';
import type { Database } from '../storage/openDatabase.ts';
import type { Delivery } from './deliver.ts';
import type { Notice } from './Notice.ts';
import { createNoticeBook } from './noticeBook.ts';
import { openOutbox } from './outbox.ts';
import { recognise } from './recognise.ts';
import { stamped } from './stamped.ts';
import type { Target } from './Target.ts';
import { type Audience, createTeller, type PassEnd, type TellerOptions } from './teller.ts';
import { gapsOf, type RunFigures, reconciliationWords, testWords, type Wording } from './words.ts';

/** What became of a test at one target. */
export interface TestDelivery extends Delivery, Pick<Target, 'service' | 'host'> {}

/** What came of a test. */
export interface TestResult {
  /** In the order of the addresses. */
  targets: TestDelivery[];
  /** What is wrong with the addresses that cannot be used, each as half a sentence. */
  unusable: string[];
}

/**
 * Tells the user by the addresses of the setting `notify_url` what he would not see otherwise. What to tell is decided and noted in the database
 * at once; sending goes on beside the work, whatever becomes of it. Nothing here throws.
 */
export interface Notifier {
  /** The plugin's settings as they are stored in Stash, each time they were read; also such that nothing else can be done with. */
  useSettings(stored: Record<string, unknown>): void;
  /** Looks at outages and dead letters. */
  look(): Promise<void>;
  /** After each job of a pass: looks now and then, for a pass may take hours. */
  jobEnded(): void;
  passEnded(end: PassEnd): Promise<void>;
  reconciled(run: RunFigures): void;
  /** Sends a test to every address, whatever is switched off. */
  test(): Promise<TestResult>;
  /** Waits for what is being sent, at most for two tries; nothing is sent from then on. */
  close(): Promise<void>;
}

export interface NotifierOptions extends TellerOptions {
  log: Logger;
  redactor: Redactor;
  db: Database;
  /** Longest wait for a receiver. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;
/** Between complaints about one receiver. */
const COMPLAINT_MS = 3_600_000;
/** Between looks within one pass: what it gives up is told together when it ends, as a rule. */
const LOOK_IN_PASS_MS = 10 * 60_000;

interface Use {
  settings: OptionalSettings;
  targets: readonly Target[];
  unusable: string[];
  sinceMs: number;
}

/** The notifications of one process; it stays silent until it has seen the settings. */
export function createNotifier(options: NotifierOptions): Notifier {
  const { clock, log, redactor, timeoutMs = TIMEOUT_MS } = options;
  const book = createNoticeBook(options.db);
  const teller = createTeller(options, book);
  /** Only book-keeping: nothing else depends on it. */
  const tolerated = async <T>(act: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await act();
    } catch (error) {
      log.debug(`Notifications: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const outbox = openOutbox({
    clock,
    log,
    timeoutMs,
    mayComplain: (topic) => book.claimAgain(topic, COMPLAINT_MS, clock.now()),
  });
  let use: Use | undefined;
  let lookedAt = clock.monotonic();

  const stamp = (wording: Wording, id: string): Notice =>
    stamped(wording, { id, atMs: clock.now() }, redactor);
  const audience = (): Audience | undefined => {
    if (!use || use.targets.length === 0 || !use.settings.enabled) return undefined;
    const { settings, targets, sinceMs } = use;
    return {
      hidesNames: settings.obfuscate_paths,
      sinceMs,
      send(wording, id) {
        if (isWanted(wording.event, settings.notify_events)) outbox.send(stamp(wording, id), targets);
      },
    };
  };
  const look = async (): Promise<void> => {
    lookedAt = clock.monotonic();
    const current = audience();
    if (!current) return;
    await tolerated(() => teller.outages(current));
    await tolerated(() => teller.givenUp(current));
  };
  return {
    useSettings: (stored) => {
      void tolerated(() => {
        const settings = optionalSettings(stored);
        const targets = settings.notify_url.map(recognise);
        for (const { secrets } of targets) for (const secret of secrets) redactor.add(secret);
        if (targets.length === 0) book.switchOff();
        const nowMs = clock.now();
        const unusable = notifyUrlProblems(stored['notify_url'] ?? '');
        const sinceMs = targets.length > 0 ? book.switchOn(nowMs) : nowMs;
        use = { settings, targets, unusable, sinceMs };
      });
    },
    look,
    jobEnded() {
      if (clock.monotonic() - lookedAt >= LOOK_IN_PASS_MS) void look();
    },
    async passEnded(end) {
      teller.notePass(end);
      const current = audience();
      if (current) await tolerated(() => teller.obstacle(end, current));
      await look();
    },
    reconciled(run) {
      const limit = use?.settings.notify_gaps_over ?? Number.POSITIVE_INFINITY;
      if (gapsOf(run) > limit) audience()?.send(reconciliationWords(run), `reconciliation:${clock.now()}`);
    },
    async test() {
      const { targets = [], unusable = [] } = use ?? {};
      const deliveries = await outbox.sendNow(stamp(testWords(), `test:${clock.now()}`), targets);
      const results = deliveries.flatMap((delivery, index) => {
        const target = targets[index];
        return target ? [{ service: target.service, host: target.host, ...delivery }] : [];
      });
      return { targets: results, unusable };
    },
    close: outbox.close,
  };
}

/** An empty list means all. */
function isWanted(event: Notice['event'], wanted: readonly NoticeEvent[]): boolean {
  return wanted.length === 0 || wanted.some((word) => word === event);
}
