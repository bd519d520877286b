import {
  Building2,
  Car,
  FileText,
  Microscope,
  PersonStanding,
  Shapes,
  ShoppingBasket,
  Smile,
  Square,
  Tags,
} from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { t } from '@/i18n/i18n';
import { type ProjectTemplate, type TemplateId, projectTemplates } from './projectTemplates';

const kIcons: Record<TemplateId, ReactNode> = {
  empty: <Square />,
  vehicles: <Car />,
  people: <PersonStanding />,
  instances: <Shapes />,
  text: <FileText />,
  classification: <Tags />,
  faces: <Smile />,
  lesions: <Microscope />,
  shelf: <ShoppingBasket />,
  buildings: <Building2 />,
};

interface TemplatePickerProps {
  chosen: TemplateId | null;
  onChoose: (template: ProjectTemplate) => void;
}

export function TemplatePicker({ chosen, onChoose }: TemplatePickerProps) {
  const name = useId();
  return (
    <fieldset className="templates">
      <legend className="field-label">{t('newProject.templates.title')}</legend>
      <div className="template-grid">
        {projectTemplates.map((template) => (
          <label key={template.id} className="template-card">
            <input
              type="radio"
              name={name}
              data-testid={`template-${template.id}`}
              checked={chosen === template.id}
              onChange={() => onChoose(template)}
            />
            <span aria-hidden="true">{kIcons[template.id]}</span>
            <strong>{t(template.title)}</strong>
            <small>{t(template.help)}</small>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
