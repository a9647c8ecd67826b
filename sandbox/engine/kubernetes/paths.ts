import type { Props, Value } from "../kit/types.ts";
import { sameValue } from "../kit/values.ts";
import { asProps } from "./object.ts";

/** A property path in parts: object keys and list indices. */
export type Path = (string | number)[];

/** Reads Pulumi's path syntax: `spec.template`, `metadata.annotations["a.b/c"]`, `spec.containers[0].image`, `[*]`. */
export function parsePath(text: string): Path {
    const parts = [...text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g)];
    return parts.map(([, quoted, index, plain]) => {
        if (quoted !== undefined) {
            return quoted.replaceAll(/\\(.)/g, "$1");
        }
        return index !== undefined && index !== "*" ? Number(index) : (plain ?? index ?? "");
    });
}

/** Paths of the smallest differing parts of two values. */
export function differences(before: Value | undefined, after: Value | undefined, path: Path = []): Path[] {
    if (sameValue(before, after)) {
        return [];
    }
    if (Array.isArray(before) && Array.isArray(after)) {
        const length = Math.max(before.length, after.length);
        return Array.from({ length }).flatMap((_, index) => differences(before[index], after[index], [...path, index]));
    }
    const [left, right] = [asProps(before), asProps(after)];
    if (left === undefined || right === undefined) {
        return [path];
    }
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return keys.flatMap((key) => differences(left[key], right[key], [...path, key]));
}

/** True if `path` is `prefix` or lies below it; `*` in `prefix` matches any one part. */
export function startsWith(path: Path, prefix: Path): boolean {
    return prefix.length <= path.length && prefix.every((part, index) => part === "*" || part === path[index]);
}

/** True if one of the two contains the other. */
export function overlaps(path: Path, other: Path): boolean {
    return startsWith(path, other) || startsWith(other, path);
}

/** The value at a path, undefined where the path ends early. */
export function valueAt(value: Value | undefined, path: Path): Value | undefined {
    return path.reduce<Value | undefined>((found, part) => {
        return Array.isArray(found) && typeof part === "number" ? found[part] : asProps(found)?.[part];
    }, value);
}

/** A copy of `object` with the value at `path` set, or removed if undefined. Only paths of object keys can be set. */
export function withValue(object: Props, path: Path, value: Value | undefined): Props {
    const [head, ...rest] = path;
    if (head === undefined) {
        return object;
    }
    const key = String(head);
    if (rest.length === 0) {
        const { [key]: _, ...others } = object;
        return value === undefined ? others : { ...object, [key]: value };
    }
    const child = asProps(object[key]);
    if (child === undefined && value === undefined) {
        return object;
    }
    return { ...object, [key]: withValue(child ?? {}, rest, value) };
}
