import { Plain } from "../text";

/** Words that a run recorded: always English, whatever the page's language. */
export function Recorded({ text }: { text: string }) {
  return (
    <span lang="en">
      <Plain text={text} />
    </span>
  );
}
