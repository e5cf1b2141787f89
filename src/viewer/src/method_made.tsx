// What each system was made of: what all share is said once, with the systems beside every other value.

import type { Report, System } from "./model";
import { Disclosure } from "./parts/Disclosure";
import { ScrollRegion } from "./parts/ScrollRegion";
import { Section } from "./parts/Section";
import { Systems } from "./parts/Systems";
import { held, names, sharedConfig, type Held } from "./sharing";
import { method } from "./strings/method";
import { languageName } from "./strings/shell";
import { Plain } from "./text";
import { useView } from "./view";
import { useWords } from "./words";

interface Row {
  name: string;
  values: Held[];
}

interface SharedTableProperties {
  report: Report;
  caption: string;
  /** What is named in the first column, and what stands in the second. */
  heads: [string, string];
  rows: Row[];
  /** Whether names and values are code. */
  code?: boolean;
  testid: string;
}

/** A table of name, value, and the systems that have this value. */
function SharedTable({ report, caption, heads, rows, code = false, testid }: SharedTableProperties) {
  const words = useWords(method);
  const several = report.systems.length > 1;
  return (
    <ScrollRegion label={caption} testid={testid}>
      <table class="figures shared">
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col" class="text">
                {head}
              </th>
            ))}
            {several && (
              <th scope="col" class="text">
                {words.holdsFor}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.flatMap(({ name, values }) =>
            values.map(({ value, systems }, index) => (
              <tr key={`${name} ${value}`}>
                {index === 0 && (
                  <th scope="row" rowSpan={values.length}>
                    {code ? <code>{name}</code> : name}
                  </th>
                )}
                <td class={code ? "text mono" : "text"}>
                  <Plain text={value} />
                </td>
                {several && (
                  <td class="text">
                    <Systems report={report} of={systems} />
                  </td>
                )}
              </tr>
            )),
          )}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** Seed, commit, stages, prompts: what a system is, in a line each. */
export function Properties({ report }: { report: Report }) {
  const words = useWords(method);
  const { systems, corpus } = report;
  const row = (name: string, of: (system: System) => string | null): Row => ({ name, values: held(systems.map(of)) });
  const stage = (name: string) =>
    name === "summarize" ? words.summarize : name === "translate" ? words.translate : name;
  const commit = ({ git }: System) => {
    if (!git?.commit) return words.noCommit;
    const state = git.dirty === null ? words.dirtyUnknown : git.dirty ? words.dirty : words.clean;
    return `${git.commit} (${state})`;
  };
  const all = systems.map((_, index) => index);
  const rows = [
    { name: words.corpus, values: [{ value: corpus.config.trim(), systems: all }] },
    { name: words.corpusHash, values: [{ value: corpus.hash, systems: all }] },
    row(words.status, (system) => (system.status === "complete" ? words.statusComplete : words.statusIncomplete)),
    row(words.cases, (system) => String(system.cases)),
    row(words.repeats, (system) => String(system.repeats)),
    row(words.seed, (system) => String(system.seed)),
    row(words.route, (system) => system.route.map(stage).join(" → ") || null),
    row(words.summarizer, (system) => system.summarizer),
    row(words.translator, (system) => system.translator),
    row(words.prompt, (system) => system.prompt),
    row(words.commit, commit),
    row(
      words.blessed,
      ({ blessed }) =>
        blessed &&
        Object.entries(blessed)
          .map((entry) => entry.join(": "))
          .join("; "),
    ),
    row(words.folder, (system) => system.folder),
  ];
  return (
    <SharedTable
      report={report}
      caption={words.madeTitle}
      heads={[words.property, words.value]}
      rows={rows}
      testid="properties"
    />
  );
}

/** What makes numbers comparable: how each metric was computed. */
export function Signatures({ report }: { report: Report }) {
  const words = useWords(method);
  const { language } = useView();
  const rows = names(report.systems.map((system) => system.signatures)).flatMap((metric) =>
    report.languages.map((code) => ({
      name: `${metric} · ${languageName(code, language)}`,
      values: held(report.systems.map((system) => system.signatures[metric]?.[code] ?? null)),
    })),
  );
  return (
    <Section id="signatures" title={words.signaturesTitle} lead={words.signaturesLead}>
      <SharedTable
        report={report}
        caption={words.signaturesTitle}
        heads={[words.metric, words.signature]}
        rows={rows}
        code
        testid="signature-table"
      />
    </Section>
  );
}

/** The composed configs, what all share first. */
export function Configs({ report }: { report: Report }) {
  const words = useWords(method);
  const { common, own } = sharedConfig(report.systems.map((system) => system.config));
  return (
    <Section id="configs" title={words.configTitle}>
      {own.map(({ value, systems }) => (
        <div key={value} class="config">
          <h3>
            {report.systems.length > 1 && `${words.configOf} `}
            <Systems report={report} of={systems} />
          </h3>
          <Yaml label={systems.map((system) => report.systems[system]?.label).join(", ")} text={value} />
        </div>
      ))}
      {common && (
        <div class="config">
          {report.systems.length > 1 && <h3>{words.configShared}</h3>}
          <Yaml label={words.configShared} text={common} />
        </div>
      )}
    </Section>
  );
}

function Yaml({ label, text }: { label: string; text: string }) {
  return (
    <ScrollRegion label={label} tall>
      <pre class="yaml">
        <Plain text={text.trimEnd()} />
      </pre>
    </ScrollRegion>
  );
}

/** Packages; what is not installed comes last. */
export function Versions({ report }: { report: Report }) {
  const words = useWords(method);
  const rows = names(report.systems.map((system) => system.versions))
    .map((name) => ({ name, values: held(report.systems.map((system) => system.versions[name] ?? null)) }))
    .map((row) => ({
      ...row,
      values: row.values.map((item) =>
        item.value === "not installed" ? { ...item, value: words.notInstalled } : item,
      ),
    }));
  return (
    <Section id="versions" title={words.versionsTitle}>
      <Disclosure summary={`${words.versionsTitle} (${rows.length})`} testid="versions-shown">
        <SharedTable
          report={report}
          caption={words.versionsTitle}
          heads={[words.package, words.version]}
          rows={rows}
          code
          testid="version-table"
        />
      </Disclosure>
    </Section>
  );
}

/** SHA-256 of what the runs read and wrote. */
export function Hashes({ report }: { report: Report }) {
  const words = useWords(method);
  const rows = names(report.systems.map((system) => system.hashes)).map((name) => ({
    name,
    values: held(report.systems.map((system) => system.hashes[name] ?? null)),
  }));
  return (
    <Section id="hashes" title={words.hashesTitle}>
      <Disclosure summary={`${words.hashesTitle} (${rows.length})`} testid="hashes-shown">
        <SharedTable
          report={report}
          caption={words.hashesTitle}
          heads={[words.property, "SHA-256"]}
          rows={rows}
          code
          testid="hash-table"
        />
      </Disclosure>
    </Section>
  );
}
