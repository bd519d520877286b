import { Check, Users } from 'lucide-react';
import { useMemo } from 'react';
import type { Person } from '@/editor/company';
import { inkOn } from '@/editor/labels';
import { t } from '@/i18n/i18n';
import { Menu, MenuHead, MenuItem } from '@/ui/Menu';
import { Tooltip } from '@/ui/Tooltip';
import { initialsOf } from '../shell/initials';
import { onePerUser, toolText } from './peopleText';
import { useSignal } from './useSignal';
import { useEditor } from './workspace';
import './together.css';

const kShownMax = 3;

/** Who else is at this image. A click on somebody follows what they see. */
export function PeopleBar() {
  const editor = useEditor();
  const everyone = useSignal(editor.company.people);
  const self = useSignal(editor.company.self);
  const following = useSignal(editor.company.following);
  const people = useMemo(() => onePerUser(everyone, self?.id ?? null), [everyone, self]);
  if (people.length === 0) return null;
  const follow = (session: string) =>
    editor.company.following.set(session === following ? null : session);
  const rest = people.length - kShownMax;
  const all = t('together.others', { count: people.length });
  return (
    <div className="people" role="group" aria-label={t('together.people')} data-testid="people">
      {people.slice(0, kShownMax).map((person) => (
        <Avatar
          key={person.session}
          person={person}
          followed={person.session === following}
          onFollow={() => follow(person.session)}
        />
      ))}
      <Menu
        label={t('together.people')}
        trigger={
          <button
            type="button"
            className="people-all"
            aria-label={`${rest > 0 ? `+${rest}, ` : ''}${all}`}
            data-testid="people-all"
          >
            {rest > 0 ? <span className="num">+{rest}</span> : <Users aria-hidden="true" />}
          </button>
        }
      >
        <MenuHead>{t('together.followSomebody')}</MenuHead>
        {people.map((person) => (
          <MenuItem
            key={person.session}
            icon={person.session === following ? <Check /> : <Dot color={person.color} />}
            onSelect={() => follow(person.session)}
          >
            <span className="people-name">
              {person.name} <small>{toolText(person.tool)}</small>
            </span>
          </MenuItem>
        ))}
      </Menu>
    </div>
  );
}

function Dot({ color }: { color: string }) {
  return <span className="person-dot" style={{ background: color }} aria-hidden="true" />;
}

interface AvatarProps {
  person: Person;
  followed: boolean;
  onFollow: () => void;
}

function Avatar({ person, followed, onFollow }: AvatarProps) {
  const { name, color, tool } = person;
  return (
    <Tooltip label={`${name}, ${toolText(tool)}`}>
      <button
        type="button"
        className="person"
        style={{ background: color, color: inkOn(color) }}
        aria-label={t('together.follow', { initials: initialsOf(name), name })}
        aria-pressed={followed}
        data-testid="person"
        onClick={onFollow}
      >
        {initialsOf(name)}
      </button>
    </Tooltip>
  );
}
