/** What somebody has put into the form: the typed texts, and everything that follows from them. */
import type { ExperimentDescription, NamedPreset } from '../../core/contract/api/experiments.ts';
import { parseNumber } from '../../core/contract/numbers.ts';
import type { Origin } from '../../core/contract/origin.ts';
import type { RunSpec } from '../../core/contract/run-spec.ts';
import type { TrainRequest } from '../../core/contract/train-command.ts';
import { parametersOf } from '../parameters-of.ts';
import { checkTogether } from './check-together.ts';
import { createFields, readSeeds, readTags, type About, type Field } from './fields.ts';
import { commandOf, originOf, papersValue, textsOf, type PapersValue } from './presets.ts';

export interface FormSource {
  readonly experiment: ExperimentDescription;
  /** What the fields begin with: the experiment's defaults, or the spec of a run. */
  readonly base: RunSpec;
  readonly about: About;
  /** How the run is called that it was taken from. */
  readonly from?: { readonly id: string; readonly title: string } | undefined;
}

/** Among what was typed; no parameter is called so. */
const presetKey = 'preset';

export class RunForm {
  readonly source: FormSource;
  readonly #fieldsOfAll: readonly Field[];
  /** Only what is written otherwise than at the beginning; `preset`: the one that was chosen. */
  typed = $state<Readonly<Record<string, string>>>({});

  /** What the fields were last filled with; undefined: what they begin with. */
  readonly preset = $derived.by(() => this.#findPreset(this.typed[presetKey]));
  readonly variant = $derived.by(() => this.value('variant'));
  readonly fields = $derived.by(() => this.#findFields());
  /** Keys of the fields that say something else than at the beginning. */
  readonly changed = $derived.by(() => Object.keys(this.typed).filter((key) => this.#isShown(key) && !this.#isInitial(key)));
  /** How many of the values that a preset decides are neither its own nor, without one, those of the beginning. */
  readonly changedByHand = $derived.by(() => this.#countChangedByHand());
  /** The broken rule of each field that breaks one. */
  readonly problems = $derived.by(() => this.#findProblems());
  readonly seeds = $derived(readSeeds(this.value('seeds')) ?? []);
  /** Undefined while a rule is broken. */
  readonly request = $derived(Object.keys(this.problems).length === 0 ? this.#makeRequest() : undefined);
  readonly command = $derived.by(() =>
    this.request === undefined ? undefined : commandOf(this.request, this.source.experiment, this.preset),
  );
  /** Fields whose value is not the paper's, though there is one. */
  readonly unlikePaper = $derived.by(() => this.fields.filter((field) => this.#isUnlikePaper(field)));

  constructor(source: FormSource, typed: Readonly<Record<string, string>> = {}) {
    this.source = source;
    this.#fieldsOfAll = createFields(source.experiment, source.base, source.about);
    this.typed = typed;
  }

  value(key: string): string {
    return this.typed[key] ?? this.#initial(key);
  }

  set(key: string, text: string): void {
    const { [key]: _before, ...others } = this.typed;
    this.typed = text === this.#initial(key) ? others : { ...others, [key]: text };
  }

  reset(key: string): void {
    const { [key]: _before, ...others } = this.typed;
    this.typed = others;
  }

  /** Fills in what it decides; '' is what the form began with. */
  choosePreset(name: string): void {
    const preset = this.#findPreset(name);
    const texts = textsOf(preset?.spec ?? this.source.base);
    const others = Object.entries(this.typed).filter(([key]) => key !== presetKey && !(key in texts));
    const own = Object.entries(texts).filter(([key, text]) => text !== this.#initial(key));
    const chosen = preset === undefined ? {} : { [presetKey]: preset.name };
    this.typed = { ...Object.fromEntries(others), ...Object.fromEntries(own), ...chosen };
  }

  /** The paper's value of a field, and where it stands; a published preset brings its own. */
  papersValue(field: Field): PapersValue | undefined {
    return papersValue(field, this.preset);
  }

  /** Where the value comes from that it was last filled with. */
  originOf(field: Field): Origin | undefined {
    return originOf(field, this.preset);
  }

  resetAll(): void {
    this.typed = {};
  }

  #findFields(): readonly Field[] {
    const shown = this.#fieldsOfAll.filter(({ owner }) => owner === undefined || this.value(owner.key) === owner.value);
    // A variant and a rule with a parameter of the same name are refused together, in words; until then it is one field.
    return shown.filter(({ key }, at) => shown.findIndex((each) => each.key === key) === at);
  }

  #findPreset(name: string | undefined): NamedPreset | undefined {
    return this.source.experiment.presets.find((preset) => preset.name === name);
  }

  #countChangedByHand(): number {
    const texts = textsOf(this.preset?.spec ?? this.source.base);
    return Object.entries(texts).filter(([key, text]) => {
      const field = this.#find(key);
      return field === undefined ? key === 'variant' && this.variant !== text : !isSame(field, text, this.value(key));
    }).length;
  }

  #isUnlikePaper(field: Field): boolean {
    const papers = this.papersValue(field);
    return papers !== undefined && !isSame(field, papers.value, this.value(field.key));
  }

  #find(key: string): Field | undefined {
    return this.fields.find((field) => field.key === key);
  }

  /** Own parameters of another variant or rule are out of sight. */
  #isShown(key: string): boolean {
    return key === 'variant' || this.#find(key) !== undefined;
  }

  #isInitial(key: string): boolean {
    const field = this.#find(key);
    return field !== undefined && isSame(field, field.initial, this.value(key));
  }

  #initial(key: string): string {
    if (key === 'variant') return this.source.base.variant;
    // Which fields there are depends on it.
    if (key === 'rule') return String(this.source.base.parameters['rule'] ?? '');
    const field = this.#find(key) ?? this.#fieldsOfAll.find((each) => each.key === key);
    return field?.initial ?? '';
  }

  #findProblems(): Readonly<Record<string, string>> {
    const broken = this.fields.filter(({ key, allows }) => !allows(this.value(key))).map(({ key, rule }) => [key, rule] as const);
    return Object.fromEntries([...checkTogether(this.source.experiment.data, (key) => this.value(key)), ...broken]);
  }

  #makeRequest(): TrainRequest {
    const { experiment } = this.source;
    const number = (key: string) => parseNumber(this.value(key).trim()) ?? NaN;
    const parameters = parametersOf(experiment, { variant: this.variant, parameters: { rule: this.value('rule') } }).map(
      ({ name, kind }) => [name, kind === 'number' ? number(name) : this.value(name)] as const,
    );
    const [device, dataset, name, group] = ['device', 'dataset', 'name', 'group'].map((key) => this.value(key).trim()) as [
      string,
      string,
      string,
      string,
    ];
    const tags = readTags(this.value('tags'));
    return {
      spec: {
        version: experiment.preset.version,
        experiment: experiment.preset.experiment,
        variant: this.variant,
        parameters: Object.fromEntries(parameters),
        episodes: number('episodes'),
        batch: number('batch'),
        backend: this.value('backend') as RunSpec['backend'],
        ...(device === '' ? {} : { device }),
        precision: this.value('precision') as RunSpec['precision'],
        ...(dataset === '' ? {} : { dataset }),
      },
      seeds: this.seeds,
      ...(name === '' ? {} : { name }),
      ...(group === '' ? {} : { group }),
      ...(tags.length === 0 ? {} : { tags }),
    };
  }
}

/** Numbers are compared as numbers. */
function isSame({ control }: Field, one: string, other: string): boolean {
  if (one.trim() === other.trim()) return true;
  return control === 'number' && parseNumber(one.trim()) !== undefined && parseNumber(one.trim()) === parseNumber(other.trim());
}
