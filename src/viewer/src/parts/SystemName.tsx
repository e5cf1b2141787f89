import type { System } from "../model";
import { parts } from "../strings/shell";
import { Plain } from "../text";
import { useWords } from "../words";
import { Badge } from "./Badge";

/** A system's label, and beside it that it is a bound or did not finish. */
export function SystemName({ system }: { system: System }) {
  const words = useWords(parts);
  return (
    <>
      <bdi>
        <Plain text={system.label} />
      </bdi>
      {system.bound && (
        <>
          {" "}
          <Badge>{system.bound === "upper" ? words.upper : words.floor}</Badge>
        </>
      )}
      {system.status === "incomplete" && (
        <>
          {" "}
          <Badge tone="doubt">{words.incomplete}</Badge>
        </>
      )}
    </>
  );
}
