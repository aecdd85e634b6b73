import { askControl } from '../failures/askControl.ts';
import { isCertain, type JudgeContext, judge } from '../failures/judge.ts';
import type { Obstacle } from '../failures/Obstacle.ts';
import { type Operation, PICTURE_OPERATIONS } from '../failures/Operation.ts';
import { certainObstacle, obstacleOf, widespreadObstacle } from '../failures/obstacles.ts';
import { SyncError } from '../failures/SyncError.ts';
import { verdict } from '../failures/verdict.ts';
import { PlexError } from '../plex/PlexError.ts';
import type { TakenJob } from '../queue/Job.ts';
import { calculateDelay } from '../resilience/calculateDelay.ts';
import { checkPlexHealth } from '../resilience/checkPlexHealth.ts';
import { StashError } from '../stash/StashError.ts';
import { chargeAttempt } from './chargeAttempt.ts';
import type { DrainResult } from './DrainResult.ts';
import { circuitOpened, notePlexCondition } from './plexCondition.ts';
import type { JobEnd } from './runJob.ts';
import type { WorkContext } from './WorkContext.ts';

/** A job whose attempt failed. */
export interface FailedAttempt {
  job: TakenJob;
  error: unknown;
  /** In the log of operations, where the attempt began. */
  mark: number;
  elapsedSecs: number;
}

/** Why a job waits whose scene is complete but for what Plex takes from nobody at present. */
export const PARTS_WAIT = 'PartsWait';

/** What Plex did not answer it may still be working on; edits of several items at a time make it stall. */
const AFTERMATH_MS = 5_000;
/** Until a scene's next try while nobody knows whose fault it is. */
const UNCLEAR = { baseSecs: 5, capSecs: 300 };
/** The scene that shows whether pictures work again comes back soon, the others are called when they do. */
const PICTURE_TRIAL_MS = 60_000;
/** For a field that Plex takes from nobody. */
const REFUSED_BY_ALL = { baseSecs: 60, capSecs: 3_600 };
const PARTS_WAIT_MS = 3_600_000;

/**
 * Records what a failed attempt means: for the job, for the circuit, for the pace, and for all further jobs. The scene pays only for
 * what evidence shows to be its own fault (rule A7 of the matching specification).
 */
export async function settleFailure(
  attempt: FailedAttempt,
  context: WorkContext,
  result: DrainResult,
): Promise<JobEnd> {
  const { job, error } = attempt;
  const { jobs, reliability } = context;
  if (error instanceof SyncError) return settleConclusion(attempt, error, context, result);
  const operation = operationOf(error, context);
  const obstacle = await obstacleBehind(operation, error, context);
  if (obstacle) {
    await notePlexCondition(error, context);
    if (obstacle.kind === 'plexDown') reliability.pace.record(false);
    // With our own files in trouble, its claim ends with this process's next look for orphans.
    if (obstacle.kind !== 'localTrouble') jobs.giveBack(job);
    return { isOver: false, obstacle };
  }
  const fault = await judge(operation, job.sceneId, judgeContext(job.sceneId, context));
  return settleByFault(fault, operation, attempt, context, result);
}

/** The scene pays, the server does, or nobody until more is known. */
async function settleByFault(
  fault: 'scene' | 'server' | 'unclear',
  operation: Operation,
  attempt: FailedAttempt,
  context: WorkContext,
  result: DrainResult,
): Promise<JobEnd> {
  const { job, error } = attempt;
  const { jobs, reliability, clock, random, log } = context;
  const { breaker, evidence, pace, activity } = reliability;
  // An attempt that is charged is recorded with its charge.
  if (error instanceof PlexError && fault !== 'scene') pace.record(false);
  if (fault === 'server') return settleWidespread(operation, attempt, context, result);
  if (fault === 'unclear') {
    await noteSuspect(operation, error, context);
    const failures = evidence.failures(operation, job.sceneId);
    const delaySecs = calculateDelay(Math.max(failures - 1, 0), UNCLEAR, random);
    const message = messageOf(error, context);
    jobs.defer(job, delaySecs * 1000, { type: verdict(error, context.settings).type, message });
    result.retried += 1;
    activity.ended({ sceneId: job.sceneId, outcome: 'retry', text: message });
    log.debug(`${message} Nothing is concluded yet; next in ${delaySecs.toFixed(1)} s.`);
    const isAskedToWait = error instanceof PlexError && error.retryAfterMs !== undefined;
    if (isAskedToWait) return { isOver: false, obstacle: obstacleOf(error) };
    await letSettle(error, clock);
    return { isOver: false };
  }
  // Plex does this for others. What an open circuit waits for is its trial's to show.
  if ((await breaker.state()) === 'closed') await breaker.recordSuccess(new Set([operation]));
  else breaker.releaseTrial();
  const consequence = verdict(error, context.settings);
  const mayGiveUp = async () => (await isCertain(operation, judgeContext(job.sceneId, context))) !== 'server';
  const isCharged = await chargeAttempt(
    { ...attempt, consequence, mayGiveUp, sentence: ownSentence(error, job.sceneId) },
    context,
    result,
  );
  if (!isCharged) return settleWidespread(operation, attempt, context, result);
  evidence.charged(operation, job.sceneId);
  await letSettle(error, clock);
  return { isOver: true };
}

/** A refusal that meets one scene only is not about the token, whatever its status says. */
function ownSentence(error: unknown, sceneId: number): string | undefined {
  if (!(error instanceof PlexError) || error.kind !== 'unauthorized') return undefined;
  return `Something on the way to Plex refuses scene ${sceneId} (status ${error.status}), and only it: change its texts in Stash, or allow them in the proxy or firewall.`;
}

/** It fails for everybody: nobody pays, and who has paid gets it back. Pictures wait by themselves, everything else holds up all. */
async function settleWidespread(
  operation: Operation,
  { job, error }: FailedAttempt,
  context: WorkContext,
  result: DrainResult,
): Promise<JobEnd> {
  const { jobs, reliability } = context;
  const { evidence } = reliability;
  jobs.forgive(evidence.unjustlyCharged(operation));
  if (PICTURE_OPERATIONS.includes(operation)) {
    reliability.breaker.releaseTrial();
    return deferParts(job, error, [operation], context, result);
  }
  await noteSuspect(operation, error, context);
  jobs.giveBack(job);
  const isOpen = (await reliability.breaker.state()) === 'open' && error instanceof PlexError;
  return {
    isOver: false,
    obstacle: isOpen ? await circuitOpened(context) : widespreadObstacle(operation, error),
  };
}

/** What was concluded from proper answers: they end a run of failures, and the scene pays unless the same is true of all scenes. */
async function settleConclusion(
  attempt: FailedAttempt,
  error: SyncError,
  context: WorkContext,
  result: DrainResult,
): Promise<JobEnd> {
  const { job, mark } = attempt;
  const { reliability, jobs, clock } = context;
  const { breaker, evidence, operations, pace } = reliability;
  const worked = new Set<Operation>([...operations.workedSince(mark), 'scene', 'lookup', 'internal']);
  if (await breaker.recordSuccess(worked)) await pace.recovered();
  if (evidence.worked(worked, job.sceneId)) jobs.hasten(PARTS_WAIT);
  if (error.kind === 'picturesWait') return deferParts(job, error, [], context, result);
  const parts = error.fields.map((field): Operation => `part ${field}`);
  const suspicions = parts.map((part) => evidence.failed(part, job.sceneId, clock.monotonic()));
  const isWidespread = parts.length > 0 && suspicions.every((suspicion) => suspicion === 'widespread');
  if (isWidespread) {
    for (const part of parts) jobs.forgive(evidence.unjustlyCharged(part));
    return deferParts(job, error, parts, context, result);
  }
  await chargeAttempt({ ...attempt, consequence: verdict(error, context.settings) }, context, result);
  for (const part of parts) evidence.charged(part, job.sceneId);
  return { isOver: true };
}

/** The scene is complete but for what is taken from nobody at present: it waits for that, at no cost. */
function deferParts(
  job: TakenJob,
  error: unknown,
  parts: readonly Operation[],
  context: WorkContext,
  result: DrainResult,
): JobEnd {
  const { jobs, log, reliability, random } = context;
  const message = messageOf(error, context);
  const failures = Math.max(1, ...parts.map((part) => reliability.evidence.failures(part, job.sceneId)));
  const isTrial = parts.some((part) => PICTURE_OPERATIONS.includes(part));
  const delayMs = isTrial
    ? PICTURE_TRIAL_MS
    : parts.length === 0
      ? PARTS_WAIT_MS
      : calculateDelay(failures - 1, REFUSED_BY_ALL, random) * 1000;
  jobs.defer(job, delayMs, { type: PARTS_WAIT, message });
  result.retried += 1;
  reliability.activity.ended({ sceneId: job.sceneId, outcome: 'retry', text: message });
  const isNews = parts.some((part) => reliability.evidence.isNews(part));
  if (isNews)
    log.warn(`${message} It is the same for every scene: all else is synced, this follows by itself.`);
  return { isOver: true };
}

/** What stands in the way of everybody, as far as the error or the next question tells. */
async function obstacleBehind(
  operation: Operation,
  error: unknown,
  { plex, clock }: WorkContext,
): Promise<Obstacle | undefined> {
  if (operation === 'library') return obstacleOf(error);
  // An address of its own, behind which a proxy may stand.
  const isImagesRefusal =
    operation === 'image' && error instanceof StashError && error.kind === 'unauthorized';
  const certain = isImagesRefusal ? undefined : certainObstacle(error);
  if (certain) return certain;
  if (!(error instanceof PlexError) || error.kind !== 'unavailable') return undefined;
  return (await checkPlexHealth(plex, clock)).healthy ? undefined : obstacleOf(error);
}

/** Tells the circuit of an operation that may be failing for everybody. A setting that is wrong is no outage. */
async function noteSuspect(
  operation: Operation,
  error: unknown,
  { reliability: { breaker } }: WorkContext,
): Promise<void> {
  const isOutage =
    error instanceof PlexError &&
    error.kind !== 'unauthorized' &&
    error.kind !== 'misconfigured' &&
    operation !== 'lookup' &&
    !PICTURE_OPERATIONS.includes(operation);
  if (isOutage) await breaker.recordFailure(operation);
  else breaker.releaseTrial();
}

async function letSettle(error: unknown, clock: WorkContext['clock']): Promise<void> {
  if (error instanceof PlexError && error.isUnanswered) await clock.sleep(AFTERMATH_MS);
}

function operationOf(error: unknown, { reliability }: WorkContext): Operation {
  const known = reliability.operations.operationOf(error);
  if (known) return known;
  if (error instanceof PlexError) return 'lookup';
  return error instanceof StashError ? 'scene' : 'internal';
}

function judgeContext(sceneId: number, context: WorkContext): JudgeContext {
  const { reliability, clock, jobs, plex, stash } = context;
  const anotherSync = (other: number) => jobs.anotherSync(other);
  return {
    evidence: reliability.evidence,
    nowMs: clock.monotonic(),
    ask: (operation) => askControl(operation, sceneId, { plex, stash, anotherSync }),
  };
}

function messageOf(error: unknown, { redact }: WorkContext): string {
  return redact(error instanceof Error ? error.message : String(error));
}
