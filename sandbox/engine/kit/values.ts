import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";

import { UNKNOWN } from "./types.ts";
import type { Props, Value } from "./types.ts";

/*
 * Signatures and sentinels of Pulumi's wire format: sdk/go/common/resource/sig/sig.go and
 * sdk/go/common/resource/plugin/rpc.go of github.com/pulumi/pulumi.
 */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const ASSET_SIGNATURE = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE_SIGNATURE = "0def7320c3a5731c473e5ecbe6d01bc7";

const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWN_SENTINELS: ReadonlySet<string> = new Set([
    UNKNOWN_STRING,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // list
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
    "030794c1-ac77-496b-92df-f27374a8bd58", // asset
    "e48ece36-62e2-4504-bad9-02848725956a", // archive
]);

/**
 * The engine's properties as plain values: secrets unwrapped, unknowns as {@link UNKNOWN}.
 * An absent struct is an empty object. Throws on assets and archives, naming the property.
 */
export function decode(struct: Struct | undefined): Props {
    return struct === undefined ? {} : decodeObject(struct.toJavaScript(), "");
}

/**
 * Plain values as the engine's properties. Keys whose value is `undefined` are left out.
 * Throws on what has no JSON form (functions, dates, NaN), naming the property.
 */
export function encode(props: Props): Struct {
    return structPb.Struct.fromJavaScript(
        encodeObject(props, "") as Parameters<typeof structPb.Struct.fromJavaScript>[0],
    );
}

/** True if {@link UNKNOWN} is the value or anywhere inside it. */
export function containsUnknown(value: Value | undefined): boolean {
    if (value === UNKNOWN) {
        return true;
    }
    return typeof value === "object" && value !== null && Object.values(value).some(containsUnknown);
}

/** Deep equality of plain values; an absent key and an `undefined` one are the same. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
    if (a === b) {
        return true;
    }
    if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
        return false;
    }
    if (Array.isArray(a) !== Array.isArray(b)) {
        return false;
    }
    const [left, right] = [a as Props, b as Props];
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => sameValue(left[key], right[key]));
}

function decodeValue(value: unknown, path: string): Value {
    if (typeof value === "string") {
        return UNKNOWN_SENTINELS.has(value) ? UNKNOWN : value;
    }
    if (Array.isArray(value)) {
        return value.map((item, index) => decodeValue(item, `${path}[${index}]`));
    }
    if (typeof value !== "object" || value === null) {
        return value as Value;
    }
    const object = value as Record<string, unknown>;
    switch (object[SIGNATURE_KEY]) {
        case undefined:
            return decodeObject(object, path);
        case SECRET_SIGNATURE:
            return decodeValue(object["value"], path);
        case ASSET_SIGNATURE:
            throw new Error(`property "${path}" is an asset; this provider takes no assets, give its content as text`);
        case ARCHIVE_SIGNATURE:
            throw new Error(`property "${path}" is an archive; this provider takes no archives`);
        default:
            throw new Error(`property "${path}" carries the unknown Pulumi signature ${String(object[SIGNATURE_KEY])}`);
    }
}

function decodeObject(object: Record<string, unknown>, path: string): Props {
    const prefix = path === "" ? "" : `${path}.`;
    return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, decodeValue(item, `${prefix}${key}`)]));
}

function encodeValue(value: unknown, path: string): unknown {
    if (value === UNKNOWN) {
        return UNKNOWN_STRING;
    }
    if (Array.isArray(value)) {
        return value.map((item, index) => encodeValue(item, `${path}[${index}]`));
    }
    switch (typeof value) {
        case "string":
        case "boolean":
            return value;
        case "number":
            if (Number.isFinite(value)) {
                return value;
            }
            break;
        case "object":
            if (value === null) {
                return null;
            }
            if (isPlainObject(value)) {
                return encodeObject(value, path);
            }
            break;
    }
    throw new Error(`the provider answered a value without a JSON form (${typeof value}) at property "${path}"`);
}

function encodeObject(object: object, path: string): Record<string, unknown> {
    const prefix = path === "" ? "" : `${path}.`;
    return Object.fromEntries(
        Object.entries(object)
            .filter(([, item]) => item !== undefined)
            .map(([key, item]) => [key, encodeValue(item, `${prefix}${key}`)]),
    );
}

function isPlainObject(value: object): boolean {
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null;
}
