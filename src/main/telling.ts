import type { DrainSession } from '../drain/DrainSession.ts';
import type { Notifier } from '../notify/Notifier.ts';

/** The same session, of which the user is told what he has to know: after each pass, and while Plex is asked whether it is back. */
export function telling(session: DrainSession, notifier: Notifier): DrainSession {
  return {
    ...session,
    async drain(onJobEnd) {
      const result = await session.drain(() => {
        notifier.jobEnded();
        onJobEnd?.();
      });
      await notifier.passEnded(result);
      return result;
    },
    async probe() {
      const health = await session.probe();
      await notifier.look();
      return health;
    },
  };
}
