import { counted } from '../log/counted.ts';
import type { TestDelivery } from '../notify/Notifier.ts';
import type { NotificationTestReport } from './pageReports.ts';
import type { Task } from './Task.ts';

/** Task "Send Test Notification": one message to every address of `notify_url`, and what came of it. */
export const sendTestNotification: Task = async ({ log, sendTestNotice }) => {
  log.progress(0);
  const { targets, unusable } = await sendTestNotice();
  for (const target of targets) {
    const line = `${placeOf(target)}: ${resultOf(target)}`;
    if (target.accepted) log.info(line);
    else log.warn(line);
  }
  const problems = [
    ...targets.flatMap(({ problem }) => problem ?? []),
    ...unusable.map((what) => `Of notify_url ${what}, cannot be used.`),
  ];
  for (const what of unusable) log.warn(`Of notify_url ${what}, cannot be used.`);
  const summary = [summaryOf(targets), ...problems].join(' ');
  log.info(summary);
  log.progress(1);
  return { summary, targets, unusable } satisfies NotificationTestReport;
};

function summaryOf(targets: readonly TestDelivery[]): string {
  if (targets.length === 0)
    return 'Nothing was sent: the setting notify_url has no address that can be used.';
  const accepted = targets.filter((target) => target.accepted).length;
  return `${accepted} of ${counted(targets.length, 'receiver')} accepted the test.`;
}

function placeOf({ service, host }: TestDelivery): string {
  return service === 'JSON'
    ? `${host}, of no service that is known, gets plain JSON`
    : `${host}, recognised as ${service}`;
}

function resultOf({ status, problem }: TestDelivery): string {
  return problem ?? `accepted (status ${status}).`;
}
