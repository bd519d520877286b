import { SlidersHorizontal } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import { Button } from '@/ui/Button';
import { usePortalContainer } from '@/ui/Portal';
import { Tooltip } from '@/ui/Tooltip';
import { later } from './later';

const ViewSettings = later(async () => (await import('./ViewSettings')).ViewSettings);

/** Everything about how things are shown, behind one button of the top bar. */
export function ViewPanel() {
  const container = usePortalContainer();
  const [open, setOpen] = useState(false);
  return (
    // Not modal: the drawing stays in reach while it changes its look.
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Tooltip label={t('canvas.view.open')}>
        <Popover.Trigger asChild>
          <Button
            variant="ghost"
            size="s"
            className="btn-icon"
            icon={<SlidersHorizontal />}
            aria-label={t('canvas.view.open')}
            data-testid="view-panel"
          />
        </Popover.Trigger>
      </Tooltip>
      <Popover.Portal container={container}>
        <Popover.Content
          className="view-panel annotate-glass"
          // Read when it opens, and its sheet may come later.
          style={{ zIndex: 60 }}
          align="end"
          sideOffset={10}
          collisionPadding={8}
          aria-label={t('canvas.view.title')}
          // A tooltip inside takes Escape for itself; one press is to close both.
          onKeyDown={({ key }) => key === 'Escape' && setOpen(false)}
        >
          <ViewSettings />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
