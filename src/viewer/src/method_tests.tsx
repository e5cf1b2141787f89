// How the intervals and tests were made, in words.

import { count } from "./figures";
import type { Method, Report } from "./model";
import { Section } from "./parts/Section";
import { method } from "./strings/method";
import { useView } from "./view";
import { useWords } from "./words";

export function Tests({ report }: { report: Report }) {
  const words = useWords(method);
  return (
    <Section id="tests" title={words.testsTitle}>
      <ul class="prose plain-list spaced">
        <li>{words.values}</li>
        {report.method ? <Paired made={report.method} /> : <li>{words.noTests}</li>}
      </ul>
    </Section>
  );
}

function Paired({ made }: { made: Method }) {
  const words = useWords(method);
  const { language } = useView();
  const percent = (share: number) => `${Number((100 * share).toPrecision(6))}${language === "zh" ? "%" : " %"}`;
  const gap = language === "zh" ? "" : " ";
  const corrected =
    made.tests < 2
      ? words.correctionOne
      : made.correction === "none"
        ? words.correctionNone(made.tests)
        : words.correction(made.tests, words[made.correction]);
  return (
    <>
      <li>{[words.paired, made.exact ? words.exact : words.sampled(count(made.replicates), made.seed)].join(gap)}</li>
      <li>{[corrected, ...(made.pairs > 1 ? [words.times(made.pairs)] : [])].join(gap)}</li>
      <li>{words.significant(String(made.alpha))}</li>
      <li>{words.deltaInterval(percent(made.level), count(made.resamples))}</li>
      <li>{words.detectable(percent(made.power), String(made.alpha))}</li>
      <li>{made.on === "all" ? words.onAll : words.onCommon}</li>
    </>
  );
}
