/**
 * Keys pressed while a dialog's code is on its way are meant for the dialog: they are kept back
 * from the page and pressed again once it has the focus.
 */

export interface HeldKeys {
  /** Presses what was held, in order, where the focus is now; then the keyboard is free again. */
  hand(): Promise<void>;
  drop(): void;
}

/** Escape is not held: nobody waits for what was called off. */
export function holdKeys(onEscape: () => void): HeldKeys {
  const held: string[] = [];
  const abort = new AbortController();
  let pressing = false;
  const keydown = (event: KeyboardEvent) => {
    if (pressing) return;
    event.stopImmediatePropagation();
    // Reloading and the like stay the browser's.
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    event.preventDefault();
    if (event.key === 'Escape') onEscape();
    else held.push(event.key);
  };
  window.addEventListener('keydown', keydown, { capture: true, signal: abort.signal });
  const drop = () => {
    held.length = 0;
    abort.abort();
  };
  const hand = async () => {
    while (held.length > 0) {
      pressing = true;
      pressNext(held, document.activeElement);
      pressing = false;
      // What was found for the letters is what Enter takes.
      await new Promise((resolve) => setTimeout(resolve));
    }
    abort.abort();
  };
  return { hand, drop };
}

/** All the letters at the front at once, or one other key. */
function pressNext(held: string[], target: Element | null): void {
  if (held[0]!.length === 1 && isTyped(target)) {
    const end = held.findIndex((key) => key.length > 1);
    return type(target, held.splice(0, end < 0 ? held.length : end).join(''));
  }
  const options = { key: held.shift(), bubbles: true, cancelable: true };
  target?.dispatchEvent(new KeyboardEvent('keydown', options));
}

function isTyped(element: Element | null): element is HTMLInputElement {
  return element instanceof HTMLInputElement && /^(text|search)$/.test(element.type);
}

/** As a person does: React keeps its own value over the field's. */
function type(input: HTMLInputElement, text: string): void {
  const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!;
  set!.call(input, input.value + text);
  input.dispatchEvent(new InputEvent('input', { bubbles: true, data: text }));
}
