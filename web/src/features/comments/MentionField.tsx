import { useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { t } from '@/i18n/i18n';
import type { PersonRef } from '@/net/historyRoutes';
import { Button } from '@/ui/Button';
import { candidates, complete, mentionAt, mentionedIn } from './mentioning';
import { useMembers } from './useMembers';

export interface MentionFieldProps {
  label: string;
  submit: string;
  initial?: string;
  placeholder?: string;
  autoFocus?: boolean;
  busy?: boolean;
  onSubmit: (text: string, mentions: string[]) => Promise<boolean>;
  onCancel?: () => void;
  /** Beside the buttons. */
  children?: React.ReactNode;
}

const kLengthMax = 4000;

/** A text with @ names. Enter sends, Shift Enter breaks the line, Escape gives up. */
export function MentionField(props: MentionFieldProps) {
  const { label, submit, initial = '', placeholder, autoFocus, busy, onSubmit, onCancel } = props;
  const members = useMembers();
  const field = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const [text, setText] = useState(initial);
  const [caret, setCaret] = useState(initial.length);
  const [active, setActive] = useState(0);
  const [shut, setShut] = useState(false);
  const query = mentionAt(text, caret);
  const offered = useMemo(
    () => (query && !shut ? candidates(members, query.text) : []),
    [members, query?.start, query?.text, shut],
  );
  const chosen = offered[Math.min(active, offered.length - 1)];

  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight + 2, 160)}px`;
  }, [text]);

  const take = (person: PersonRef) => {
    if (!query) return;
    const next = complete(text, caret, query, person);
    setText(next.text);
    setCaret(next.caret);
    // After the value has been drawn.
    requestAnimationFrame(() => field.current?.setSelectionRange(next.caret, next.caret));
    field.current?.focus();
  };
  const send = async () => {
    const words = text.trim();
    if (words === '' || busy) return;
    if (await onSubmit(words, mentionedIn(words, members))) setText('');
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const { key } = event;
    if (chosen && (key === 'ArrowDown' || key === 'ArrowUp')) {
      const by = key === 'ArrowDown' ? 1 : offered.length - 1;
      setActive((index) => (Math.min(index, offered.length - 1) + by) % offered.length);
    } else if (chosen && (key === 'Enter' || key === 'Tab')) take(chosen);
    else if (chosen && key === 'Escape') setShut(true);
    else if (key === 'Enter' && !event.shiftKey) void send();
    else if (key === 'Escape' && onCancel) onCancel();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="mention-field">
      <textarea
        ref={field}
        className="input"
        rows={1}
        aria-label={label}
        placeholder={placeholder}
        autoFocus={autoFocus}
        maxLength={kLengthMax}
        value={text}
        role="combobox"
        aria-expanded={offered.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={chosen ? `${listId}-${chosen.id}` : undefined}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setCaret(event.currentTarget.selectionStart);
          setActive(0);
          setShut(false);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
      />
      <ul
        id={listId}
        role="listbox"
        aria-label={t('comments.people')}
        hidden={offered.length === 0}
      >
        {offered.map((person) => (
          <li
            key={person.id}
            id={`${listId}-${person.id}`}
            role="option"
            aria-selected={person === chosen}
            // The field keeps the focus.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => take(person)}
          >
            {person.name}
          </li>
        ))}
      </ul>
      <div className="mention-actions">
        {props.children}
        {onCancel ? (
          <Button size="s" variant="ghost" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
        ) : null}
        <Button
          size="s"
          variant="primary"
          busy={busy}
          disabled={text.trim() === ''}
          onClick={() => void send()}
        >
          {submit}
        </Button>
      </div>
    </div>
  );
}
