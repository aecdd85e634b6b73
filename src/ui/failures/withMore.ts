import type { FailuresReport } from '../../tasks/pageReports.ts';

/** The report with the scenes of `groups` behind those that it has; one that it has already is not doubled. */
export function withMore(report: FailuresReport, groups: FailuresReport['groups']): FailuresReport {
  return {
    ...report,
    groups: report.groups.map((group) => {
      const known = new Set(group.scenes.map(({ deadLetterId }) => deadLetterId));
      const found = groups.find(({ errorType }) => errorType === group.errorType)?.scenes ?? [];
      return {
        ...group,
        scenes: [...group.scenes, ...found.filter(({ deadLetterId }) => !known.has(deadLetterId))],
      };
    }),
  };
}
