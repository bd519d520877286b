import type { ReactNode } from 'react';
import type { ToolId } from '@/editor/editor';
import type { MessageKey } from '@/i18n/i18n';

/** A button of the tool rail. */
export interface RailTool {
  id: ToolId;
  title: MessageKey;
  hint: MessageKey;
  keys: string;
  icon: ReactNode;
  testId: string;
  ai?: boolean;
}
