/** What the schema of a map, list or union may hold, as far as these functions look into it. */
export interface Form {
    shape?: Record<PropertyKey, unknown>;
    valueType?: unknown;
    keyType?: { options?: unknown };
    element?: unknown;
}

/** A schema without its wrappers; each of its forms if it has several. */
export function formsOf(schema: unknown): Form[] {
    const { unwrap, options, element } = (schema ?? {}) as Form & { unwrap?: () => unknown; options?: unknown };
    // A list has `unwrap` too, and it gives the element.
    if (element === undefined && typeof unwrap === "function") {
        return formsOf(unwrap.call(schema));
    }
    return Array.isArray(options) ? options.flatMap(formsOf) : [schema ?? {}];
}

/** The forms of whatever is at a path below a schema; none where there is nothing. */
export function formsAt(schema: unknown, path: readonly PropertyKey[]): Form[] {
    return path.reduce<Form[]>((forms, part) => forms.flatMap((form) => childForms(form, part)), formsOf(schema));
}

/** The forms of one key of a map, or of the elements of a list. */
export function childForms(form: Form, part: PropertyKey): Form[] {
    const child = form.shape?.[part] ?? form.valueType ?? form.element;
    return child === undefined ? [] : formsOf(child);
}

/** The forms of everything directly below one. */
export function children({ shape, valueType, element }: Form): Form[] {
    return [...Object.values(shape ?? {}), valueType, element].filter((child) => child !== undefined).flatMap(formsOf);
}

/** Fixed keys of a map, in any of its forms. */
export function keysOf(forms: readonly Form[]): string[] {
    return [...new Set(forms.flatMap(({ shape, keyType }) => [...Object.keys(shape ?? {}), ...namesOf(keyType)]))];
}

/** What a map's keys are named, if they are an enumeration. */
function namesOf(keyType: Form["keyType"]): string[] {
    return Array.isArray(keyType?.options) ? keyType.options.map(String) : [];
}
