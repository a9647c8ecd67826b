import type { Dice } from "../../../harness/dice.ts";
import type { Tree } from "../fixture.ts";
import { likely, listed, nasty, wrongValues } from "./wrong-values.ts";

type Slot = { parent: Tree | unknown[]; key: string | number };

/** One to three changes of a configuration, of any kind and anywhere in it. `others` lend their values. */
export function mutate(config: Tree, others: readonly Tree[], dice: Dice): Tree {
    const mutant = structuredClone(config);
    dice.times(1, dice.chance(0.7) ? 1 : 3, () => dice.pick(mutations)(mutant, others, dice));
    return mutant;
}

/** Every wanted key removed, renamed, and given values that are wrong at such a key or anywhere, one at a time. */
export function sweep(config: Tree, wanted: (path: readonly string[]) => boolean): Tree[] {
    return paths(config)
        .filter(wanted)
        .flatMap((path) => {
            const key = path.at(-1) ?? "";
            const value = path.reduce<unknown>((node, part) => (node as Tree)[part], config);
            const renamed = structuredClone(config);
            const slot = {
                parent: path.slice(0, -1).reduce<unknown>((node, part) => (node as Tree)[part], renamed) as Tree,
                key,
            };
            if (!Array.isArray(slot.parent)) {
                removeAt(slot);
                write({ ...slot, key: `${key}_X` }, value);
            }
            const changed = wrongValues(key, path.at(-2) ?? "", value).map((wrong) => {
                const mutant = structuredClone(config);
                const parent = path.slice(0, -1).reduce<unknown>((node, part) => (node as Tree)[part], mutant) as Tree;
                if (wrong === undefined) {
                    removeAt({ parent, key });
                } else {
                    write({ parent, key }, structuredClone(wrong));
                }
                return mutant;
            });
            return [renamed, ...changed];
        });
}

const mutations: readonly ((mutant: Tree, others: readonly Tree[], dice: Dice) => void)[] = [
    function remove(mutant, _, dice) {
        removeAt(anySlot(mutant, dice));
    },
    function retype(mutant, _, dice) {
        const slot = anySlot(mutant, dice);
        const value = read(slot);
        write(
            slot,
            dice.pick([
                String(value),
                Number(value),
                [value],
                { value },
                value === "true",
                JSON.stringify(value) ?? "",
            ]),
        );
    },
    function misspell(mutant, _, dice) {
        const slot = anySlot(mutant, dice);
        if (typeof slot.key === "string") {
            const value = read(slot);
            removeAt(slot);
            write({ ...slot, key: typo(slot.key, dice) }, value);
        }
    },
    function swap(mutant, _, dice) {
        const [a, b] = [anySlot(mutant, dice), anySlot(mutant, dice)];
        const [first, second] = [structuredClone(read(a)), structuredClone(read(b))];
        write(a, second);
        write(b, first);
    },
    function nest(mutant, _, dice) {
        const slot = anySlot(mutant, dice);
        write(slot, dice.pick([{ [String(slot.key)]: read(slot) }, [read(slot)], [[read(slot)]]]));
    },
    function flatten(mutant, _, dice) {
        const slot = anySlot(mutant, dice);
        const value = read(slot);
        write(slot, typeof value === "object" && value !== null ? Object.values(value)[0] : value);
    },
    function repeat(mutant, _, dice) {
        const slot = anySlot(mutant, dice);
        const value = read(slot);
        write(slot, Array.isArray(value) ? [...value, ...value.slice(0, 1)] : value);
    },
    function shorten(mutant, _, dice) {
        const slot = anySlot(mutant, dice);
        const value = read(slot);
        write(slot, Array.isArray(value) || typeof value === "string" ? value.slice(0, dice.pick([0, 1, 2])) : {});
    },
    function enlarge(mutant, _, dice) {
        const slot = anySlot(mutant, dice);
        const value = read(slot);
        write(slot, dice.pick([Array(1000).fill(value), String(value).repeat(500), Number.MAX_SAFE_INTEGER, 65_536]));
    },
    function graft(mutant, others, dice) {
        const other = dice.pick(others);
        const path = dice.pick(paths(other));
        const value = path.reduce<unknown>((node, key) => (node as Tree)[key], other);
        const parent = path.slice(0, -1).reduce<unknown>((node, key) => (node as Tree | undefined)?.[key], mutant);
        if (typeof parent === "object" && parent !== null) {
            write({ parent, key: path.at(-1) ?? "" }, structuredClone(value));
        }
    },
    function level(mutant, _, dice) {
        const { parent } = anySlot(mutant, dice);
        const number = dice.pick([0, 1, -1]);
        for (const [key, value] of Object.entries(parent)) {
            write({ parent, key }, typeof value === "number" && dice.chance(0.7) ? number : value);
        }
    },
    edit,
    edit,
    replace,
    replace,
    replace,
    replace,
    add,
];

/** One character of a text, or one step of a number. */
function edit(mutant: Tree, _: readonly Tree[], dice: Dice): void {
    const slot = anySlot(mutant, dice);
    const value = read(slot);
    if (typeof value === "string") {
        write(slot, typo(value, dice));
    } else if (typeof value === "number") {
        write(slot, dice.pick([value + 1, value - 1, value * 10, -value, value + 0.5]));
    } else if (typeof value === "boolean") {
        write(slot, !value);
    }
}

/** Another value: often one that was seen at such a key. */
function replace(mutant: Tree, _: readonly Tree[], dice: Dice): void {
    const slot = anySlot(mutant, dice);
    const seen = likely[String(slot.key)] ?? (Array.isArray(slot.parent) ? listed : nasty);
    write(slot, structuredClone(dice.pick(dice.chance(0.5) ? seen : nasty)));
}

/** A key that does not exist. */
function add(mutant: Tree, _: readonly Tree[], dice: Dice): void {
    const { parent } = anySlot(mutant, dice);
    if (!Array.isArray(parent)) {
        parent[dice.pick(["extra", "", "name", "a.b", "Ünïcode", "constructor"])] = structuredClone(dice.pick(nasty));
    }
}

/** One deletion, insertion, substitution or swap of neighbours. */
export function typo(word: string, dice: Dice): string {
    const at = Math.floor(dice.roll() * (word.length + 1));
    const letter = dice.pick("abcdefghijklmnopqrstuvwxyzABCXYZ0159-_./ ".split(""));
    return dice.pick([
        word.slice(0, at) + word.slice(at + 1),
        word.slice(0, at) + letter + word.slice(at),
        word.slice(0, at) + letter + word.slice(at + 1),
        word.slice(0, at) + (word[at + 1] ?? "") + (word[at] ?? "") + word.slice(at + 2),
    ]);
}

/** Every path in a tree, to maps, lists and leaves. */
export function paths(node: unknown): string[][] {
    return typeof node !== "object" || node === null
        ? []
        : Object.entries(node).flatMap(([key, value]) => [[key], ...paths(value).map((rest) => [key, ...rest])]);
}

function anySlot(root: Tree, dice: Dice): Slot {
    const all = paths(root);
    const path = all.length === 0 ? ["nothing"] : dice.pick(all);
    const parent = path.slice(0, -1).reduce<unknown>((node, key) => (node as Tree)[key], root) as Tree;
    return { parent, key: path.at(-1) ?? "" };
}

function read({ parent, key }: Slot): unknown {
    return (parent as Tree)[key];
}

function write({ parent, key }: Slot, value: unknown): void {
    (parent as Tree)[key] = value;
}

function removeAt({ parent, key }: Slot): void {
    if (Array.isArray(parent)) {
        parent.splice(Number(key), 1);
    } else {
        delete parent[key];
    }
}
