import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Images } from 'lucide-react';
import { t } from '@/i18n/i18n';
import { errorText } from '@/net/http';
import { openDemo } from '@/net/routes';
import { Button } from '@/ui/Button';
import { toast } from '@/ui/Toast';

export function DemoButton() {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const open = useMutation({
    mutationFn: openDemo,
    onSuccess: async (project) => {
      void queryClient.invalidateQueries({ queryKey: ['projects'] });
      await navigate({ to: '/projects/$projectId', params: { projectId: project.id }, search: {} });
    },
    onError: (error) =>
      toast({ tone: 'err', title: t('projects.demoFailed'), detail: errorText(error) }),
  });
  return (
    <Button
      icon={<Images />}
      busy={open.isPending}
      data-testid="open-demo"
      onClick={() => open.mutate()}
    >
      {t('projects.openDemo')}
    </Button>
  );
}
