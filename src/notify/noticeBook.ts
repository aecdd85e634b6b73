import { isRecord } from '../config/pluginInput.ts';
import type { Database } from '../storage/openDatabase.ts';

/** Something that lasts and is told again now and then. */
export interface Lasting {
  /** What is over sooner is not told, in milliseconds; as are the others. */
  graceMs: number;
  /** Until it is told again while it lasts. */
  reminderMs: number;
  /** Until it is told again when it was gone in between. */
  againMs: number;
}

/** How many scenes of a class were given up since it was last told. */
export interface GivenUpNews {
  errorType: string;
  /** Since the last notice. */
  fresh: number;
  /** All that are on the list. */
  total: number;
}

/**
 * What was told, shared by all processes. Each method decides and writes in one transaction, before anything is sent: of several processes one
 * gets to tell, and what could not be sent is not told again (at most once). A time in the future means that the clock was set back,
 * and is not believed. @throws what SQLite throws
 */
export interface NoticeBook {
  /** Notifications are on. @returns since when, in milliseconds since the epoch. */
  switchOn(nowMs: number): number;
  /** They are off: nothing that was told counts any more. */
  switchOff(): void;
  /** @returns true for the first who asks. */
  claimOnce(topic: string, nowMs: number): boolean;
  /** @returns true when nobody has asked for `gapMs`. */
  claimAgain(topic: string, gapMs: number, nowMs: number): boolean;
  /** Something lasts. @returns true when it is to be told now. */
  claimLasting(topic: string, lasting: Lasting, nowMs: number): boolean;
  /** What {@link claimLasting} has seen is over. */
  gone(): void;
  /** Classes with scenes that were given up since they were last told, none more often than every `gapMs`. */
  claimGivenUp(gapMs: number, nowMs: number): GivenUpNews[];
}

/** Who waits for another process reads the time before that one has written a later one: so far ahead is no clock set back. */
const BESIDE_MS = 60_000;
/** What is no news any more need not be kept. */
const KEPT_MS = 60 * 86_400_000;

/** The book of an open database. */
export function createNoticeBook(db: Database): NoticeBook {
  const sql = statements(db);
  const row = (topic: string) => sql.row.get(topic) as Row | undefined;
  const write = (topic: string, seenAtMs: number, toldAtMs: number | null, mark: string | null = null) =>
    sql.write.run({ topic, seenAtMs, toldAtMs, mark });
  const together = <T>(act: () => T): T => db.transaction(act).immediate();
  return {
    switchOn(nowMs) {
      const seen = row('on')?.seenAtMs;
      if (seen !== undefined && seen <= nowMs) return seen;
      return together(() => {
        write('on', nowMs, nowMs);
        return nowMs;
      });
    },
    switchOff() {
      // Nearly always there is none, and reading waits for nobody.
      if (sql.any.get()) sql.clear.run();
    },
    claimOnce: (topic, nowMs) =>
      row(topic) === undefined &&
      together(() => {
        sql.prune.run(nowMs - KEPT_MS);
        return sql.writeNew.run({ topic, nowMs }).changes === 1;
      }),
    claimAgain: (topic, gapMs, nowMs) =>
      together(() => {
        if (isRecent(row(topic)?.toldAtMs, gapMs, nowMs)) return false;
        write(topic, nowMs, nowMs);
        return true;
      }),
    claimLasting: (topic, { graceMs, reminderMs, againMs }, nowMs) =>
      together(() => {
        const known = row(topic);
        const toldAtMs = known?.toldAtMs ?? null;
        if (!known || known.mark === 'gone' || known.seenAtMs > nowMs + BESIDE_MS) {
          write(topic, nowMs, toldAtMs, known ? 'again' : null);
          return false;
        }
        const gapMs = known.mark === 'again' ? againMs : reminderMs;
        if (nowMs - known.seenAtMs < graceMs || isRecent(toldAtMs, gapMs, nowMs)) return false;
        write(topic, known.seenAtMs, nowMs);
        return true;
      }),
    gone() {
      if (sql.anyLasting.get()) sql.gone.run();
    },
    claimGivenUp(gapMs, nowMs) {
      const since = row('on')?.seenAtMs ?? nowMs;
      const news = () => givenUpNews(sql, since, gapMs, nowMs);
      if (news().length === 0) return [];
      return together(() =>
        news().map(({ mark, ...told }) => {
          write(`dead_letters:${told.errorType}`, nowMs, nowMs, JSON.stringify(mark));
          return told;
        }),
      );
    },
  };
}

interface Row {
  seenAtMs: number;
  toldAtMs: number | null;
  mark: string | null;
}

/** Up to where a class was counted: its times have whole seconds, so those of the last one are counted by number. */
interface Mark {
  secs: number;
  counted: number;
}

function isRecent(toldAtMs: number | null | undefined, gapMs: number, nowMs: number): boolean {
  return typeof toldAtMs === 'number' && toldAtMs <= nowMs + BESIDE_MS && nowMs - toldAtMs < gapMs;
}

function givenUpNews(
  sql: ReturnType<typeof statements>,
  sinceMs: number,
  gapMs: number,
  nowMs: number,
): (GivenUpNews & { mark: Mark })[] {
  const nowSecs = Math.floor(nowMs / 1000);
  const classes = sql.classes.all({ nowSecs }) as { errorType: string; newestSecs: number; total: number }[];
  return classes.flatMap(({ errorType, newestSecs, total }) => {
    const told = sql.row.get(`dead_letters:${errorType}`) as Row | undefined;
    const { secs, counted } = markIn(told?.mark, { secs: Math.floor(sinceMs / 1000), counted: 0 });
    if (newestSecs < secs || isRecent(told?.toldAtMs, gapMs, nowMs)) return [];
    const count = (fromSecs: number) => sql.since.get({ errorType, fromSecs, nowSecs }) as number;
    const later = count(secs + 1);
    const fresh = later + Math.max(count(secs) - later - counted, 0);
    if (fresh === 0) return [];
    return [{ errorType, fresh, total, mark: { secs: newestSecs, counted: count(newestSecs) } }];
  });
}

function markIn(text: string | null | undefined, none: Mark): Mark {
  const mark: unknown = typeof text === 'string' ? JSON.parse(text) : undefined;
  if (!isRecord(mark)) return none;
  const { secs, counted } = mark;
  return typeof secs === 'number' && typeof counted === 'number' ? { secs, counted } : none;
}

/** Of dead letters those that nobody has dealt with, up to now. */
const CURRENT = "recovered_at IS NULL AND failed_at <= datetime(@nowSecs, 'unixepoch')";

function statements(db: Database) {
  return {
    row: db.prepare(
      'SELECT seen_at_ms AS seenAtMs, told_at_ms AS toldAtMs, mark FROM notices WHERE topic = ?',
    ),
    write: db.prepare(
      'INSERT OR REPLACE INTO notices (topic, seen_at_ms, told_at_ms, mark) VALUES (@topic, @seenAtMs, @toldAtMs, @mark)',
    ),
    writeNew: db.prepare(
      'INSERT OR IGNORE INTO notices (topic, seen_at_ms, told_at_ms) VALUES (@topic, @nowMs, @nowMs)',
    ),
    prune: db.prepare(
      "DELETE FROM notices WHERE topic <> 'on' AND max(seen_at_ms, coalesce(told_at_ms, 0)) < ?",
    ),
    any: db.prepare('SELECT 1 FROM notices LIMIT 1'),
    clear: db.prepare('DELETE FROM notices'),
    anyLasting: db.prepare(
      "SELECT 1 FROM notices WHERE topic GLOB 'attention:*' AND mark IS NOT 'gone' LIMIT 1",
    ),
    gone: db.prepare("UPDATE notices SET mark = 'gone' WHERE topic GLOB 'attention:*'"),
    classes: db.prepare(
      `SELECT coalesce(error_type, 'Unknown') AS errorType, unixepoch(max(failed_at)) AS newestSecs, count(*) AS total
       FROM dead_letters WHERE ${CURRENT} GROUP BY 1 ORDER BY 1`,
    ),
    since: db
      .prepare(
        `SELECT count(*) FROM dead_letters WHERE ${CURRENT}
         AND coalesce(error_type, 'Unknown') = @errorType AND failed_at >= datetime(@fromSecs, 'unixepoch')`,
      )
      .pluck(),
  };
}
