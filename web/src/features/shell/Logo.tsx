export function Logo() {
  return (
    <span className="logo" translate="no">
      <img src="/favicon.svg" alt="" width="28" height="28" />
      <span>
        Annotate<b>AI</b>
      </span>
    </span>
  );
}
