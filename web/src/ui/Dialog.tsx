import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { t } from '@/i18n/i18n';
import { IconButton } from './Button';
import { classes } from './classes';
import { PortalProvider, usePortalContainer } from './Portal';

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
  width?: number;
  ai?: boolean;
  /** While true, Escape and the close button do nothing: work would be lost. */
  locked?: boolean;
  testId?: string;
  /** Nothing in the body takes the focus: the body itself does, so that keys scroll it. */
  reading?: boolean;
}

/**
 * The platform's modal dialog: focus stays inside, the page behind is inert, Escape closes,
 * focus returns to where it was. It is unmounted while closed, so its state starts afresh.
 */
export function Dialog(props: DialogProps) {
  const container = usePortalContainer();
  if (!props.open) return null;
  return createPortal(<OpenDialog {...props} />, container ?? document.body);
}

function OpenDialog(props: DialogProps) {
  const { onOpenChange, title, description, children, footer, width, ai, locked, testId } = props;
  const bodyTab = props.reading ? 0 : undefined;
  const titleId = useId();
  const descriptionId = useId();
  const ref = useRef<HTMLDialogElement>(null);
  // Taken while rendering: a child with autoFocus moves the focus before effects run.
  const openerRef = useRef(document.activeElement);
  const [element, setElement] = useState<HTMLDialogElement | null>(null);

  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    const focused = document.activeElement;
    const opener = dialog.contains(focused) ? openerRef.current : focused;
    if (!dialog.open) dialog.showModal();
    // The platform would choose the close button, which comes first.
    firstControl(dialog, focused)?.focus();
    setElement(dialog);
    return () => {
      dialog.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);

  const close = () => {
    if (!locked) onOpenChange(false);
  };

  return (
    <dialog
      ref={ref}
      className="dialog"
      aria-labelledby={titleId}
      aria-describedby={description ? descriptionId : undefined}
      data-testid={testId}
      onCancel={(event) => {
        // A file chooser inside sends its own cancel event through here.
        if (event.target !== ref.current) return;
        event.preventDefault();
        close();
      }}
      onPointerDown={(event) => {
        if (event.target === ref.current) close();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div
        tabIndex={-1}
        className={classes('dialog-panel', ai ? 'annotate-ai-glass' : 'annotate-glass')}
        style={width ? { width: `min(100%, ${width}px)` } : undefined}
      >
        <PortalProvider value={element}>
          <header className="dialog-head">
            <div>
              <h2 id={titleId}>{title}</h2>
              {description ? <p id={descriptionId}>{description}</p> : null}
            </div>
            <IconButton label={t('common.close')} icon={<X />} onClick={close} disabled={locked} />
          </header>
          <div className="dialog-body" tabIndex={bodyTab}>
            {children}
          </div>
          {footer ? <footer className="dialog-foot">{footer}</footer> : null}
        </PortalProvider>
      </div>
    </dialog>
  );
}

function firstControl(dialog: HTMLElement, focused: Element | null): HTMLElement | null {
  if (focused instanceof HTMLElement && dialog.contains(focused)) return focused;
  const inBody = '.dialog-body :is(input, select, textarea, button):not(:disabled)';
  return (
    dialog.querySelector<HTMLElement>(inBody) ?? dialog.querySelector<HTMLElement>('.dialog-panel')
  );
}
