import type { FunctionComponent, PropsWithChildren, ReactElement } from 'react';
import React from 'react';

// biome-ignore lint/suspicious/noExplicitAny: patches are handed whatever arguments a component gets
type AnyFunction = (...args: any[]) => any;

const patches = {
  before: new Map<string, AnyFunction[]>(),
  instead: new Map<string, AnyFunction[]>(),
  after: new Map<string, AnyFunction[]>(),
};

/** Components by the name under which plugins may change them. */
export const components: Record<string, AnyFunction> = {};

const adder = (kind: keyof typeof patches) => (name: string, change: AnyFunction) => {
  const known = patches[kind].get(name) ?? [];
  patches[kind].set(name, [...known, change]);
};

/** `PluginApi.patch`. */
export const patch = { before: adder('before'), instead: adder('instead'), after: adder('after') };

/** `PluginApi.register.component`. @throws when the name exists. */
export function registerComponent<T extends AnyFunction>(name: string, component: T): T {
  if (components[name]) throw new Error(`Component ${name} has already been registered`);
  components[name] = component;
  return component;
}

/** A component that plugins may change: arguments first, then the whole, then the result; each `instead` gets the next one last. */
export function patched<Props>(name: string, component: FunctionComponent<Props>): FunctionComponent<Props> {
  const changed: AnyFunction = (...given) => {
    let args: unknown[] = given;
    for (const change of patches.before.get(name) ?? []) args = change(...args);
    const chain = (patches.instead.get(name) ?? []).reduceRight<AnyFunction>(
      (next, replace) =>
        (...inner) =>
          replace(...inner, next),
      component as AnyFunction,
    );
    const result: unknown = chain(...args);
    return (patches.after.get(name) ?? []).reduce((sofar, change) => change(...args, sofar), result);
  };
  return registerComponent(name, changed) as FunctionComponent<Props>;
}

/** A container that shows its children, for plugins to add to. */
export function container<Props>(name: string): FunctionComponent<PropsWithChildren<Props>> {
  return patched<PropsWithChildren<Props>>(
    name,
    ({ children }): ReactElement => React.createElement(React.Fragment, null, children),
  );
}
