/** The parts of a run's page. */
export const runTabs = [
  { value: 'overview', label: 'Overview' },
  { value: 'curves', label: 'Curves' },
  { value: 'inside', label: 'Look inside' },
  { value: 'checkpoints', label: 'Checkpoints' },
  { value: 'configuration', label: 'Configuration' },
  { value: 'log', label: 'Log' },
  { value: 'events', label: 'Events' },
  { value: 'environment', label: 'Environment' },
] as const;
