// How the report was made: the command, the tests, what was left out, and everything that each system was made of.

import { useRef } from "preact/hooks";
import { Configs, Hashes, Properties, Signatures, Versions } from "./method_made";
import { LeftOut } from "./method_left_out";
import { Tests } from "./method_tests";
import { Times } from "./method_times";
import type { Report } from "./model";
import { CopyButton } from "./parts/CopyButton";
import { ScrollRegion } from "./parts/ScrollRegion";
import { Section } from "./parts/Section";
import { method } from "./strings/method";
import { Plain } from "./text";
import { useWords } from "./words";

export function MethodView({ report }: { report: Report }) {
  const words = useWords(method);
  return (
    <>
      <header data-testid="method">
        <h1>{words.title}</h1>
        <p class="place-lead">{words.lead}</p>
      </header>
      <Again command={report.command} />
      <Tests report={report} />
      <LeftOut report={report} />
      <Section id="made" title={words.madeTitle} lead={words.madeLead}>
        <Properties report={report} />
      </Section>
      <Times report={report} />
      <Signatures report={report} />
      <Configs report={report} />
      <Versions report={report} />
      <Hashes report={report} />
      <Section id="licences" title={words.licencesTitle}>
        <p class="prose">{words.licences}</p>
      </Section>
    </>
  );
}

function Again({ command }: { command: string }) {
  const words = useWords(method);
  const shown = useRef<HTMLPreElement>(null);
  return (
    <Section id="again" title={words.againTitle} lead={words.againLead}>
      <ScrollRegion label={words.command}>
        <pre class="command" ref={shown} data-testid="command">
          <Plain text={command} />
        </pre>
      </ScrollRegion>
      <p class="after-table toolbar">
        <CopyButton text={command} shown={shown} />
      </p>
    </Section>
  );
}
