import { Component, type ComponentChildren } from "preact";
import { shell } from "../strings/shell";
import { useWords } from "../words";
import { Note } from "./Note";
import { Recorded } from "./Recorded";

interface Properties {
  children: ComponentChildren;
}

/** Shows what went wrong in place of a part that cannot be drawn, so that the page is never blank. */
export class Guard extends Component<Properties, { fault: string | null }> {
  override state = { fault: null };

  static override getDerivedStateFromError(error: unknown) {
    return { fault: String(error) };
  }

  override render() {
    return this.state.fault === null ? this.props.children : <Failure fault={this.state.fault} />;
  }
}

function Failure({ fault }: { fault: string }) {
  const words = useWords(shell);
  return (
    <div class="frame-failure" role="alert" data-testid="failure">
      <h1>{words.failed}</h1>
      <Note tone="bad">
        <p>{words.failedHelp}</p>
        <p class="mono">
          <Recorded text={fault} />
        </p>
      </Note>
    </div>
  );
}
