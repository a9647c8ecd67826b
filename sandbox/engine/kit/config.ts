import type { Props, Value } from "./types.ts";
import { containsUnknown, sameValue } from "./values.ts";

/** Inputs that the engine and the SDK put beside a provider's own. */
const ENGINE_KEYS: ReadonlySet<string> = new Set(["version", "pluginDownloadURL", "__internal", "__defaults"]);

/**
 * A provider's own inputs. SDKs send every list and object as its JSON text; they are parsed here.
 * Numbers and booleans keep their text ("5", "true"): an account id must not become a number.
 */
export function providerConfig(inputs: Props): Props {
    return Object.fromEntries(
        Object.entries(inputs)
            .filter(([key]) => !ENGINE_KEYS.has(key))
            .map(([key, value]) => [key, parseJson(value)]),
    );
}

/** Which of the provider's inputs differ, and which of those replace the provider and all it made. */
export function diffConfig(
    oldInputs: Props,
    newInputs: Props,
    replaceOnChange: readonly string[],
): { changed: string[]; replace: string[] } {
    const [before, after] = [providerConfig(oldInputs), providerConfig(newInputs)];
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const changed = keys.filter((key) => !sameValue(before[key], after[key]));
    // An unknown value may turn out to be the old one: announcing a replacement of everything would be a false alarm.
    const replace = changed.filter((key) => replaceOnChange.includes(key) && !containsUnknown(after[key]));
    return { changed, replace };
}

function parseJson(value: Value): Value {
    if (typeof value !== "string" || !/^\s*[[{]/.test(value)) {
        return value;
    }
    try {
        return JSON.parse(value) as Value;
    } catch {
        // Not JSON after all, e.g. a template that begins with a brace.
        return value;
    }
}
