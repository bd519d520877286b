import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Bell } from 'lucide-react';
import { readMention, type Mention } from '@/net/threads';
import { classes } from '@/ui/classes';
import { formatAgo, formatPlural } from '@/ui/format';
import { Menu, MenuHead, MenuItem } from '@/ui/Menu';
import { mentionsQuery } from './queries';
import './bell.css';

const kCountMax = 99;
const kWordsMax = 90;

/** Unread mentions of the one who is signed in; choosing one opens its image and thread. */
export function MentionsBell({ small }: { small?: boolean }) {
  const { data: mentions = [], isError } = useQuery(mentionsQuery);
  const navigate = useNavigate();
  const client = useQueryClient();
  const open = async (mention: Mention) => {
    client.setQueryData<Mention[]>(mentionsQuery.queryKey, (known) =>
      known?.filter((one) => one.id !== mention.id),
    );
    const { project_id: projectId, asset_id: assetId, thread_id: thread } = mention;
    void readMention(mention.id).finally(() =>
      client.invalidateQueries({ queryKey: mentionsQuery.queryKey }),
    );
    await navigate({
      to: '/projects/$projectId/annotate/$assetId',
      params: { projectId, assetId },
      search: { thread },
    });
  };
  const count = mentions.length;
  return (
    <Menu
      label="Mentions"
      trigger={
        <button
          type="button"
          className={classes('btn btn-ghost btn-icon bell', small && 'btn-s')}
          aria-label={count === 0 ? 'Mentions' : `${formatPlural(count, 'unread mention')}`}
          data-testid="mentions-bell"
        >
          <Bell aria-hidden="true" />
          {count > 0 ? (
            <span className="bell-count num" aria-hidden="true">
              {count > kCountMax ? `${kCountMax}+` : count}
            </span>
          ) : null}
        </button>
      }
    >
      <MenuHead>
        <strong>Mentions</strong>
      </MenuHead>
      {count === 0 ? (
        <MenuItem disabled>{isError ? 'They could not be fetched.' : 'Nothing unread'}</MenuItem>
      ) : null}
      {mentions.map((mention) => (
        <MenuItem key={mention.id} testId="mention" onSelect={() => void open(mention)}>
          <span className="mention-row">
            <span>
              <strong>{mention.by.name}</strong> <small>{formatAgo(mention.created_at)}</small>
            </span>
            <span className="mention-words">{mention.comment.body.slice(0, kWordsMax)}</span>
          </span>
        </MenuItem>
      ))}
    </Menu>
  );
}
