// Lint rules: the strict, type-checked set, with what numeric code and command-line code need differently.

import eslint from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['node_modules', 'dist', 'out', 'coverage', 'test-results', 'core/plasticity/small/kernel']),
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  svelte.configs.recommended,
  {
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './tsconfig.scripts.json', './tsconfig.renderer.json'],
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // The compiler knows better which names exist.
      'no-undef': 'off',
      eqeqeq: 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Numbers and flags in messages are plain enough.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `array[index]!` in a loop over known bounds is the honest form under noUncheckedIndexedAccess.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // There are no enums, and looking for them takes a quarter of the time.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      // Electron's classes are declared together with interfaces of the same name.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Interfaces here are records of plain functions; nothing depends on `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'only-allowed-literals' }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      // Props are destructured once, as `const`, whether or not one of them is bound.
      'prefer-const': 'off',
      // Places are named by the page's own router.
      'svelte/no-navigation-without-resolve': 'off',
      // Snippets and events come typed through Svelte's own check.
      '@typescript-eslint/no-confusing-void-expression': 'off',
    },
  },
  {
    files: ['e2e/**/*.ts', 'bench/ui*.ts'],
    // Functions that run in the page speak of its elements, whose types are not those of this program.
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['**/*.test.{ts,mjs}'],
    // vitest's asymmetric matchers are of type any.
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
);
