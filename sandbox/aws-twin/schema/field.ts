import type { Value } from "../../engine/kit/types.ts";

interface FieldBase {
    required?: true;
    /** True: a change makes a new resource. A function decides from the old and the new value. */
    replaces?: true | ((before: Value | undefined, after: Value | undefined) => boolean);
    /** Value of the aws provider's schema when the program gives none; becomes an input, as there. */
    default?: Value;
}

/** What is wrong with a known value, in words that follow the property's name; undefined if nothing is. */
export type TextCheck = (text: string) => string | undefined;

export interface TextField extends FieldBase {
    kind: "string";
    check?: TextCheck;
    /** A JSON document: given as text or as an object, compared by content. */
    json?: true;
}

export interface NumberField extends FieldBase {
    kind: "number";
    min: number;
    max: number;
    /** Allowed besides the range, such as 0 for "never". */
    also?: number;
}

export interface BooleanField extends FieldBase {
    kind: "boolean";
}

export interface ListField extends FieldBase {
    kind: "list";
    of: Field;
    /** The order says nothing. */
    set?: true;
    min?: number;
    max?: number;
}

export interface MapField extends FieldBase {
    kind: "map";
    of: Field;
}

export interface ObjectField extends FieldBase {
    kind: "object";
    fields: Readonly<Record<string, Field>>;
}

/** One property of a resource type, or one level inside it. */
export type Field = TextField | NumberField | BooleanField | ListField | MapField | ObjectField;

type Options<F extends FieldBase> = Partial<Omit<F, "kind">>;

export const text = (options: Options<TextField> = {}): TextField => ({ kind: "string", ...options });
export const whole = (options: Options<NumberField> = {}): NumberField => ({
    kind: "number",
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    ...options,
});
export const flag = (options: Options<BooleanField> = {}): BooleanField => ({ kind: "boolean", ...options });
export const list = (of: Field, options: Options<ListField> = {}): ListField => ({ kind: "list", of, ...options });
/** A list whose order says nothing. */
export const set = (of: Field, options: Options<ListField> = {}): ListField => list(of, { set: true, ...options });
export const map = (of: Field, options: Options<MapField> = {}): MapField => ({ kind: "map", of, ...options });
export const object = (fields: Readonly<Record<string, Field>>, options: Options<ObjectField> = {}): ObjectField => ({
    kind: "object",
    fields,
    ...options,
});
