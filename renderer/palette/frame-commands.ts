/** What can be done on every screen. */
import {
  Activity,
  ChartNoAxesCombined,
  Command as CommandIcon,
  Database,
  FileInput,
  Info,
  Keyboard,
  ListOrdered,
  Moon,
  Pause,
  Play,
  Plus,
  Sun,
  SunMoon,
  SquareArrowOutUpRight,
  Table2,
} from '@lucide/svelte';
import { importArchive, importDataset } from '../datasets/import.svelte.ts';
import { host } from '../host.svelte.ts';
import { lab } from '../lab.svelte.ts';
import { router } from '../router.svelte.ts';
import { theme, themeChoices } from '../theme.svelte.ts';
import { attempt } from '../ui/tell.ts';
import { screens, type ScreenName } from '../words.ts';
import type { Command } from './commands.svelte.ts';
import { groups } from './frame-groups.ts';
import { palette } from './palette.svelte.ts';

const screenIcons = { runs: Table2, compare: ChartNoAxesCombined, datasets: Database, queue: ListOrdered, system: Activity } as const;
const themeIcons = { system: SunMoon, light: Sun, dark: Moon } as const;

export function frameCommands(): Command[] {
  return [...files(), ...places(), holdQueue(), ...windows(), ...help()];
}

function files(): Command[] {
  return [
    {
      id: 'new-run',
      label: 'New run…',
      group: groups.files,
      keys: 'Mod+N',
      words: 'train experiment start',
      icon: Plus,
      act: () => router.go('/new'),
    },
    {
      id: 'import-dataset',
      label: 'Import data set…',
      group: groups.files,
      keys: 'Mod+I',
      words: 'cifar omniglot images folder',
      icon: Database,
      act: importDataset,
    },
    {
      id: 'import-archive',
      label: 'Import run archive…',
      group: groups.files,
      words: 'open another lab',
      icon: FileInput,
      act: () => void importArchive(),
    },
  ];
}

function places(): Command[] {
  return (Object.keys(screens) as ScreenName[]).map((name, index) => ({
    id: name,
    label: screens[name],
    group: groups.go,
    keys: `Mod+${index + 1}`,
    icon: screenIcons[name],
    act: () => router.go(`/${name}`),
  }));
}

function holdQueue(): Command {
  const isHeld = lab.isQueueHeld;
  return {
    id: 'queue.hold',
    label: isHeld ? 'Let the queue go on' : 'Hold the queue',
    group: groups.queue,
    words: 'pause start no more runs',
    icon: isHeld ? Play : Pause,
    act: () => void attempt(() => host.call((api) => api.host.changeSettings({ queueHeld: !isHeld })), 'The queue stays as it is'),
  };
}

function windows(): Command[] {
  const themes = themeChoices.map(({ value, label }) => ({
    id: `theme.${value}`,
    label: value === 'system' ? 'Theme as the system' : `${label} theme`,
    group: groups.window,
    words: 'appearance colours',
    icon: themeIcons[value],
    disabled: theme.choice === value,
    act: () => theme.set(value),
  }));
  const zooms = [
    ['in', 'Larger', 'Mod+Plus'],
    ['out', 'Smaller', 'Mod+-'],
    ['reset', 'Actual size', 'Mod+0'],
  ] as const;
  return [
    {
      id: 'new-window',
      label: 'New window',
      group: groups.window,
      keys: 'Mod+Shift+N',
      icon: SquareArrowOutUpRight,
      act: () => void attempt(() => window.engram.ask('openWindow', { route: location.hash.slice(1) })),
    },
    ...themes,
    ...zooms.map(([name, label, keys]) => ({ id: `zoom.${name}`, label, group: groups.window, keys, onlyKeys: true })),
  ];
}

function help(): Command[] {
  return [
    { id: 'palette', label: 'Command palette', group: groups.help, keys: 'Mod+K', icon: CommandIcon, act: () => palette.open() },
    { id: 'shortcuts', label: 'Keyboard shortcuts', group: groups.help, keys: '?', icon: Keyboard, act: () => (palette.isHelpOpen = true) },
    {
      id: 'about',
      label: 'About Engram and licences',
      group: groups.help,
      words: 'version',
      icon: Info,
      act: () => router.go('/system?part=about'),
    },
  ];
}
