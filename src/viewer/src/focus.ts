// Where the focus goes when one goes to another place: its heading, which may come only once its data is opened.

/** Focus the place's heading as soon as there is one; returns how to stop waiting for it. */
export function focusHeading(): () => void {
  const main = document.getElementById("main");
  if (!main || focusIn(main)) return () => undefined;
  main.focus({ preventScroll: true });
  const observer = new MutationObserver(() => {
    // A reader who has gone on is not called back.
    if (document.activeElement !== main || focusIn(main)) observer.disconnect();
  });
  observer.observe(main, { childList: true, subtree: true });
  return () => observer.disconnect();
}

function focusIn(main: HTMLElement): boolean {
  const heading = main.querySelector("h1");
  if (!heading) return false;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  return true;
}
