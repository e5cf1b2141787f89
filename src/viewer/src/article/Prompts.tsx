import { useState } from "preact/hooks";
import { openShared } from "../data";
import * as figures from "../figures";
import type { OutputDetail, PromptMessage, StageDetail, System } from "../model";
import { Recorded } from "../parts/Recorded";
import { Section } from "../parts/Section";
import { SystemName } from "../parts/SystemName";
import { articleWords } from "../strings/articles";
import { Plain } from "../text";
import { useWords } from "../words";
import { useOpened } from "./opened";

interface Properties {
  systems: System[];
  shown: number[];
  outputs: (OutputDetail | null)[];
}

/** How each output came about: what was asked, and what was answered. */
export function Prompts({ systems, shown, outputs }: Properties) {
  const words = useWords(articleWords);
  return (
    <Section id="prompts" title={words.prompt}>
      {shown.map((system) => {
        const output = outputs[system];
        return output ? <SystemPrompts key={system} system={systems[system]!} index={system} output={output} /> : null;
      })}
    </Section>
  );
}

function SystemPrompts({ system, index, output }: { system: System; index: number; output: OutputDetail }) {
  const [open, setOpen] = useState(false);
  return (
    <details
      class="disclosure prompts"
      data-testid="prompt-toggle"
      data-system={index}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <SystemName system={system} />
      </summary>
      {open && (
        <ol class="stages">
          {output.stages.map((stage, number) => (
            <li key={number}>
              <Stage stage={stage} number={number + 1} label={system.label} />
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}

function Stage({ stage, number, label }: { stage: StageDetail; number: number; label: string }) {
  const words = useWords(articleWords);
  const role = { summarize: words.role_summarize, translate: words.role_translate }[stage.role] ?? stage.role;
  const name = `${label}, ${words.stage(number)}`;
  const facts: [string, string | null, boolean][] = [
    [words.backend, stage.backend, true],
    [words.direction, `${words.languageName(stage.from)} → ${words.languageName(stage.to)}`, false],
    [
      words.tokens,
      stage.usage && words.tokensOf(figures.count(stage.usage.prompt), figures.count(stage.usage.answer)),
      false,
    ],
    [words.attempts, stage.attempts === null ? null : String(stage.attempts), false],
    [words.status, stage.status === null ? null : String(stage.status), false],
    [words.flaw, stage.flaw, true],
  ];
  return (
    <div class="stage">
      <h3>
        {words.stage(number)}: {role}
      </h3>
      <dl class="facts-line">
        {facts.map(
          ([term, text, recorded]) =>
            text && (
              <div key={term}>
                <dt>{term}</dt>
                <dd lang={recorded ? "en" : undefined}>
                  <Plain text={text} />
                </dd>
              </div>
            ),
        )}
      </dl>
      <h4>{words.messages}</h4>
      {stage.prompt ? (
        <Messages messages={stage.prompt} name={`${words.messages}: ${name}`} />
      ) : (
        <p class="soft">{stage.promptReason ? <Recorded text={stage.promptReason} /> : words.noModel}</p>
      )}
      {stage.answer !== null && (
        <>
          <h4>{words.rawAnswer}</h4>
          <Box text={stage.answer} name={`${words.rawAnswer}: ${name}`} />
        </>
      )}
      <h4>{words.stageText}</h4>
      {stage.same ? (
        <p class="soft">{words.sameText}</p>
      ) : stage.text === null ? (
        <p class="soft">{words.stageFailed}</p>
      ) : (
        <Box text={stage.text} name={`${words.stageText}: ${name}`} lang={stage.to} />
      )}
    </div>
  );
}

function Messages({ messages, name }: { messages: PromptMessage[]; name: string }) {
  const words = useWords(articleWords);
  const shares = messages.some((message) => message.pieces.some((piece) => typeof piece === "number"));
  const shared = useOpened(openShared, "shared", shares);
  if (shares && shared.state === "waiting") return <p role="status" data-testid="waiting">{words.loading}</p>;
  if (shared.state === "broken") return <Recorded text={shared.fault} />;
  const pieces = shared.state === "open" ? shared.value.pieces : [];
  return (
    <>
      {messages.map((message, index) => (
        <div key={index} class="message">
          <span class="mono small soft" lang="en">
            <Plain text={message.role} />
          </span>
          <Box
            name={`${name}, ${message.role}`}
            text={message.pieces.map((piece) => (typeof piece === "number" ? (pieces[piece] ?? "") : piece)).join("")}
          />
        </div>
      ))}
    </>
  );
}

/** A text that scrolls by itself. */
function Box({ text, name, lang }: { text: string; name: string; lang?: string }) {
  return (
    <div class="text-box" role="region" aria-label={name} tabIndex={0}>
      <Plain as="pre" text={text} lang={lang} />
    </div>
  );
}
