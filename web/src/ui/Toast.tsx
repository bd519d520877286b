import { CircleAlert, CircleCheck, Info, X } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { create } from 'zustand';
import { t } from '@/i18n/i18n';
import { Button, IconButton } from './Button';

export interface ToastInput {
  title: string;
  detail?: string;
  tone?: 'info' | 'ok' | 'err';
  action?: { label: string; run: () => void };
}

interface ToastItem extends ToastInput {
  id: number;
}

interface ToastStore {
  items: ToastItem[];
  add: (toast: ToastInput) => number;
  dismiss: (id: number) => void;
}

const visibleMs = 6000;
const itemsMax = 4;
let lastId = 0;

const useToasts = create<ToastStore>((set) => ({
  items: [],
  add: (toast) => {
    lastId += 1;
    const item = { ...toast, id: lastId };
    set((state) => ({ items: [...state.items, item].slice(-itemsMax) }));
    return item.id;
  },
  dismiss: (id) => set((state) => ({ items: state.items.filter((item) => item.id !== id) })),
}));

/** Shows a message for results of background work, undo offers and failures. Returns its id. */
export function toast(input: ToastInput): number {
  return useToasts.getState().add(input);
}

export function dismissToast(id: number): void {
  useToasts.getState().dismiss(id);
}

const icons: Record<'info' | 'ok' | 'err', ReactNode> = {
  info: <Info aria-hidden="true" />,
  ok: <CircleCheck aria-hidden="true" />,
  err: <CircleAlert aria-hidden="true" />,
};

export function Toaster() {
  const items = useToasts((state) => state.items);
  const ref = useRef<HTMLDivElement>(null);

  // A popover sits in the top layer, above an open modal dialog; showing it again lifts it
  // over a dialog that was opened later.
  useEffect(() => {
    const region = ref.current;
    if (!region || typeof region.showPopover !== 'function') return;
    if (region.matches(':popover-open')) region.hidePopover();
    if (items.length > 0) region.showPopover();
  }, [items]);

  return (
    <div
      ref={ref}
      className="toasts"
      popover="manual"
      role="region"
      aria-label={t('common.toasts')}
    >
      {items.map((item) => (
        <Toast key={item.id} item={item} />
      ))}
    </div>
  );
}

function Toast({ item }: { item: ToastItem }) {
  const dismiss = useToasts((state) => state.dismiss);
  const [held, setHeld] = useState(false);
  const tone = item.tone ?? 'info';

  // Errors stay until they are dismissed.
  useEffect(() => {
    if (held || tone === 'err') return;
    const timer = setTimeout(() => dismiss(item.id), visibleMs);
    return () => clearTimeout(timer);
  }, [held, tone, item.id, dismiss]);

  return (
    <div
      className="toast"
      data-tone={tone}
      role={tone === 'err' ? 'alert' : 'status'}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      {icons[tone]}
      <div>
        <strong>{item.title}</strong>
        {item.detail ? <p>{item.detail}</p> : null}
      </div>
      {item.action ? (
        <Button
          size="s"
          onClick={() => {
            item.action?.run();
            dismiss(item.id);
          }}
        >
          {item.action.label}
        </Button>
      ) : null}
      <IconButton
        size="s"
        label={t('common.dismiss')}
        icon={<X />}
        onClick={() => dismiss(item.id)}
      />
    </div>
  );
}
