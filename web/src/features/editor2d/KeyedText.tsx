/** A text in which `key` between backticks is shown as a key. */
export function KeyedText({ text }: { text: string }) {
  return (
    <span>
      {text.split('`').map((part, i) => (i % 2 === 1 ? <kbd key={i}>{part}</kbd> : part))}
    </span>
  );
}
