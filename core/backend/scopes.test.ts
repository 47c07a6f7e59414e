import { describe, expect, it } from 'vitest';
import { createScopes } from './scopes.ts';

function setup() {
  const freed: string[] = [];
  const scopes = createScopes<{ name: string }>(({ name }) => freed.push(name));
  const make = (name: string) => scopes.track({ name });
  return { freed, scopes, make };
}

describe('scopes', () => {
  it('free what was made inside them, innermost first', () => {
    const { freed, scopes, make } = setup();
    scopes.tidy(() => {
      make('outer');
      scopes.tidy(() => make('inner'));
      expect(freed).toEqual(['inner']);
    });
    expect(freed).toEqual(['inner', 'outer']);
  });

  it('hand what is kept to the enclosing scope, which frees it', () => {
    const { freed, scopes, make } = setup();
    scopes.tidy(() => {
      scopes.tidy(() => scopes.keep(make('kept')));
      expect(freed).toEqual([]);
    });
    expect(freed).toEqual(['kept']);
  });

  it('leave to the caller what is kept in the outermost one, or made outside', () => {
    const { freed, scopes, make } = setup();
    scopes.tidy(() => scopes.keep(make('kept')));
    make('loose');
    expect(freed).toEqual([]);
  });

  it('free nothing twice', () => {
    const { freed, scopes, make } = setup();
    scopes.tidy(() => {
      const early = make('early');
      scopes.tidy(() => scopes.dispose(early));
      expect(freed).toEqual(['early']);
    });
    expect(freed).toEqual(['early']);
  });

  it('let go of what is released, whichever scope it was in', () => {
    const { freed, scopes, make } = setup();
    scopes.tidy(() => {
      const handle = make('released');
      scopes.tidy(() => scopes.release(handle));
    });
    expect(freed).toEqual([]);
  });

  it('free everything when the body throws', () => {
    const { freed, scopes, make } = setup();
    const fail = () =>
      scopes.tidy(() => {
        make('lost');
        throw new Error('no');
      });
    expect(fail).toThrow('no');
    expect(freed).toEqual(['lost']);
  });
});
