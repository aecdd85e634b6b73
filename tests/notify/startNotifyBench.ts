import { onTestFinished } from 'vitest';
import { createLogger, type LogLevel } from '../../src/log/logger.ts';
import { createRedactor, type Redactor } from '../../src/log/redactor.ts';
import { createNotifier, type Notifier, type NotifierOptions } from '../../src/notify/Notifier.ts';
import { remedyFor } from '../../src/tasks/remedyFor.ts';
import type { Delivered } from '../support/notifyDouble/NotifyRequest.ts';
import { type NotifyDouble, startNotifyDouble } from '../support/notifyDouble/startNotifyDouble.ts';
import { type Bench, startBench } from '../support/startBench.ts';

/** A bench with a receiver of plain JSON, and a notifier on the bench's clock and files. */
export interface NotifyBench extends Bench {
  receiver: NotifyDouble;
  notifier: Notifier;
  redactor: Redactor;
  log: { level: LogLevel; text: string }[];
  /** Another process: same files, nothing remembered. With other settings where given. */
  another(settings?: Record<string, unknown>): Notifier;
  /** Everything that the notifiers so far have sent and the receiver has got, without `id` and `at`; it is forgotten then. */
  told(): Promise<Record<string, unknown>[]>;
  /** A scene that is given up now. */
  giveUp(sceneId: number, type: string): void;
}

/** Starts one; gone after the test. @param settings beside `notify_url`. */
export async function startNotifyBench(
  settings: Record<string, unknown> = {},
  timing: Pick<NotifierOptions, 'timeoutMs'> = {},
): Promise<NotifyBench> {
  const bench = await startBench();
  const receiver = await startNotifyDouble();
  onTestFinished(() => receiver.stop());
  const redactor = createRedactor();
  const log: NotifyBench['log'] = [];
  const sink = {
    line: (level: LogLevel, text: string) => void log.push({ level, text }),
    progress: () => {},
  };
  const { clock, db, reliability, jobs } = bench;
  let notifiers: Notifier[] = [];
  const another = (changed: Record<string, unknown> = {}) => {
    const { breaker, outages } = reliability;
    const waitingScenes = () => jobs.counts().due + jobs.counts().waiting;
    const logger = createLogger({ sink, redactor });
    const notifier = createNotifier({
      clock,
      log: logger,
      redactor,
      db,
      breaker,
      outages,
      waitingScenes,
      remedyFor,
      ...timing,
    });
    notifier.useSettings({ notify_url: `${receiver.url}/hook`, ...settings, ...changed });
    notifiers.push(notifier);
    return notifier;
  };
  const giving = db.prepare(
    `INSERT INTO dead_letters (scene_id, error_type, error_message, failed_at, first_failed_at)
     SELECT @sceneId, @type, 'It failed.', moment, moment FROM (SELECT datetime(@secs, 'unixepoch') AS moment) WHERE true
     ON CONFLICT (scene_id) DO UPDATE SET failed_at = excluded.failed_at, error_type = excluded.error_type`,
  );
  return {
    ...bench,
    receiver,
    redactor,
    log,
    another,
    notifier: another(),
    async told() {
      for (const notifier of notifiers) await notifier.close();
      notifiers = [];
      return receiver.requests.splice(0).map(({ body: { id, at, ...told } }: Delivered) => told);
    },
    giveUp: (sceneId, type) => void giving.run({ sceneId, type, secs: Math.floor(clock.now() / 1000) }),
  };
}
