import { randomBytes } from "node:crypto";

/**
 * bcrypt (Provos and Mazières, 1999), which node:crypto lacks. Only for the sandbox's `bcryptHash` outputs:
 * correct, not fast (about 0.2 s at the cost the provider uses).
 */
const ROUNDS = 16;
const ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const MAGIC = "OrpheanBeholderScryDoubt";
/** bcrypt reads no more of a password. */
const MAX_PASSWORD_BYTES = 72;

/** Hashes `password` (its first 72 bytes); `cost` is the base-2 logarithm of the key expansions. */
export function bcrypt(password: string, cost: number, salt: Uint8Array = randomBytes(16)): string {
    const key = Buffer.concat([Buffer.from(password).subarray(0, MAX_PASSWORD_BYTES), Buffer.of(0)]);
    const cipher = new Blowfish();
    cipher.expandKey(key.subarray(0, MAX_PASSWORD_BYTES), salt);
    for (let round = 0; round < 2 ** cost; round++) {
        cipher.expandKey(key.subarray(0, MAX_PASSWORD_BYTES));
        cipher.expandKey(salt);
    }
    const text = Buffer.from(MAGIC);
    const words = new Uint32Array(6).map((_, index) => text.readUInt32BE(index * 4));
    for (let pair = 0; pair < words.length; pair += 2) {
        for (let round = 0; round < 64; round++) {
            cipher.encipher(words, pair);
        }
    }
    const digest = Buffer.alloc(24);
    words.forEach((word, index) => digest.writeUInt32BE(word, index * 4));
    return `$2a$${String(cost).padStart(2, "0")}$${base64(salt)}${base64(digest.subarray(0, 23))}`;
}

class Blowfish {
    readonly #subkeys: Uint32Array;
    readonly #boxes: Uint32Array;

    constructor() {
        const words = piWords();
        this.#subkeys = words.slice(0, ROUNDS + 2);
        this.#boxes = words.slice(ROUNDS + 2);
    }

    /** Encrypts the two words at `at` in place. */
    encipher(words: Uint32Array, at: number): void {
        const subkeys = this.#subkeys;
        const boxes = this.#boxes;
        let left = words[at]! ^ subkeys[0]!;
        let right = words[at + 1]!;
        for (let round = 1; round <= ROUNDS; round++) {
            const mixed = boxes[left >>> 24]! + boxes[256 + ((left >>> 16) & 255)]!;
            const f = (mixed ^ boxes[512 + ((left >>> 8) & 255)]!) + boxes[768 + (left & 255)]!;
            const next = right ^ f ^ subkeys[round]!;
            right = left;
            left = next;
        }
        words[at] = right ^ subkeys[ROUNDS + 1]!;
        words[at + 1] = left;
    }

    /** Mixes `key` into the subkeys, then replaces all state with the cipher's own output, salted if given. */
    expandKey(key: Uint8Array, salt: Uint8Array = new Uint8Array(16)): void {
        let read = 0;
        for (let index = 0; index < this.#subkeys.length; index++, read += 4) {
            this.#subkeys[index]! ^= cyclicWord(key, read);
        }
        const block = new Uint32Array(2);
        read = 0;
        for (const target of [this.#subkeys, this.#boxes]) {
            for (let index = 0; index < target.length; index += 2, read += 8) {
                block[0]! ^= cyclicWord(salt, read);
                block[1]! ^= cyclicWord(salt, read + 4);
                this.encipher(block, 0);
                target.set(block, index);
            }
        }
    }
}

/** Four bytes from `at` on, big endian, wrapping around. */
function cyclicWord(bytes: Uint8Array, at: number): number {
    let word = 0;
    for (let offset = 0; offset < 4; offset++) {
        word = (word << 8) | bytes[(at + offset) % bytes.length]!;
    }
    return word;
}

let initialWords: Uint32Array | undefined;

/** Blowfish's initial state: the fraction of pi, 18 + 4 × 256 words. By Machin's formula, in fixed point. */
function piWords(): Uint32Array {
    if (initialWords === undefined) {
        const count = ROUNDS + 2 + 4 * 256;
        const guard = 64n;
        const one = 1n << (BigInt(count) * 32n + guard);
        const pi = 4n * (4n * inverseArcTangent(5n, one) - inverseArcTangent(239n, one));
        const digits = ((pi - 3n * one) >> guard).toString(16).padStart(count * 8, "0");
        initialWords = Uint32Array.from({ length: count }, (_, index) =>
            Number.parseInt(digits.slice(index * 8, index * 8 + 8), 16),
        );
    }
    return initialWords;
}

/** arctan(1/x), scaled by `one`. */
function inverseArcTangent(x: bigint, one: bigint): bigint {
    let power = one / x;
    let sum = power;
    for (let divisor = 3n, sign = -1n; power > 0n; divisor += 2n, sign = -sign) {
        power /= x * x;
        sum += (sign * power) / divisor;
    }
    return sum;
}

/** bcrypt's own base64: another alphabet, no padding. */
function base64(bytes: Uint8Array): string {
    const standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const text = Buffer.from(bytes).toString("base64").replaceAll("=", "");
    return text.replaceAll(/./g, (character) => ALPHABET.charAt(standard.indexOf(character)));
}
