import type { DiffResult, Props } from "../kit/types.ts";
import { ANNOTATION, annotation, nameOf, namespaceOf } from "./object.ts";
import { differences, overlaps, parsePath, startsWith } from "./paths.ts";
import { replacePaths } from "./replace-rules.ts";
import type { Mutability } from "./replace-rules.ts";

/** What changes between the last and the new inputs of an object. Drift is already in the last inputs: see drift.ts. */
export function diffObjects(
    oldInputs: Props,
    newInputs: Props,
    ignoreChanges: string[],
    mutability: Mutability,
): DiffResult {
    const ignored = ignoreChanges.map(parsePath);
    const paths = differences(oldInputs, newInputs).filter(
        (path) => !ignored.some((ignoredPath) => startsWith(path, ignoredPath)),
    );
    const fixed = replacePaths(newInputs, mutability).map(parsePath);
    const replacing = paths.filter((path) => fixed.some((rule) => overlaps(path, rule)));
    return {
        changed: topLevel(paths),
        replace: topLevel(replacing),
        deleteBeforeReplace: replacing.length > 0 && keepsItsName(oldInputs, newInputs),
    };
}

/** Two objects cannot share a name, and a name that a person chose cannot be varied. */
function keepsItsName(oldInputs: Props, newInputs: Props): boolean {
    return (
        nameOf(newInputs) !== "" &&
        annotation(newInputs, ANNOTATION.autonamed) !== "true" &&
        nameOf(newInputs) === nameOf(oldInputs) &&
        namespaceOf(newInputs) === namespaceOf(oldInputs)
    );
}

function topLevel(paths: (string | number)[][]): string[] {
    return [...new Set(paths.map((path) => String(path[0])))];
}
