import type { Report } from "../model";
import { parts } from "../strings/shell";
import { Plain } from "../text";
import { useWords } from "../words";

interface Properties {
  report: Report;
  /** Indices of the systems. */
  of: readonly number[];
  bracketed?: boolean;
}

/** Which systems something holds for; "all systems" where it is every one of several. */
export function Systems({ report, of, bracketed = false }: Properties) {
  const words = useWords(parts);
  const all = of.length === report.systems.length && of.length > 1;
  const names = all
    ? words.allSystems
    : of.map((system, index) => (
        <span key={system}>
          {index > 0 && words.listComma}
          <Plain text={report.systems[system]?.label ?? ""} />
        </span>
      ));
  return (
    <span class="systems">
      {bracketed && "["}
      {names}
      {bracketed && "]"}
    </span>
  );
}
