// The overview: what came of it, then the numbers, then how they go together, then what to look at first.

import { CorrelationMap, HeatMap, QualityCost } from "./charts";
import { Leaderboard } from "./leaderboard";
import type { Report } from "./model";
import { Verdict } from "./verdict";
import { WorstFacts } from "./worstfacts";

export function Overview({ report }: { report: Report }) {
  return (
    <>
      <Verdict report={report} />
      <Leaderboard report={report} />
      <HeatMap report={report} />
      <QualityCost report={report} />
      <WorstFacts report={report} />
      <CorrelationMap report={report} />
    </>
  );
}
