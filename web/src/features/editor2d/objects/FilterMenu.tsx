import { ListFilter } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { t } from '@/i18n/i18n';
import { usePortalContainer } from '@/ui/Portal';
import { later } from '../later';
import { useSignal } from '../useSignal';
import { useEditor } from '../workspace';

const FilterFields = later(async () => (await import('./FilterFields')).default);

/** Everything one can filter objects by, in one place. */
export function FilterMenu() {
  const editor = useEditor();
  const container = usePortalContainer();
  const [open, setOpen] = useState(false);
  useSignal(editor.filter.criteria);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <button
          type="button"
          className="btn btn-ghost btn-s btn-icon"
          aria-label={t('objects.filter.title')}
          data-on={editor.filter.active ? '' : undefined}
          data-testid="object-filter"
        >
          <ListFilter aria-hidden="true" />
        </button>
      </Popover.Trigger>
      <Popover.Portal container={container}>
        <Popover.Content
          className="filter-menu annotate-glass"
          align="end"
          side="left"
          sideOffset={8}
          collisionPadding={8}
          aria-label={t('objects.filter.title')}
          // As in the view panel: a tooltip must not take Escape for itself.
          onKeyDown={({ key }) => key === 'Escape' && setOpen(false)}
        >
          <FilterFields />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
