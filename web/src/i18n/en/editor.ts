export const editor = {
  rescue: { kept: 'What you drew is kept as “{{label}}”.' },
} as const;
