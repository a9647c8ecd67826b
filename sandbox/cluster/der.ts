/** The few ASN.1 types an X.509 certificate needs, in DER (ITU-T X.690). */

/** Tag, length, value. */
function tlv(tag: number, ...parts: Buffer[]): Buffer {
    const value = Buffer.concat(parts);
    if (value.length < 0x80) {
        return Buffer.concat([Buffer.from([tag, value.length]), value]);
    }
    const hex = value.length.toString(16);
    const length = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
    return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, value]);
}

export const sequence = (...parts: Buffer[]): Buffer => tlv(0x30, ...parts);
export const set = (...parts: Buffer[]): Buffer => tlv(0x31, ...parts);
export const octetString = (value: Buffer): Buffer => tlv(0x04, value);
export const utf8String = (value: string): Buffer => tlv(0x0c, Buffer.from(value, "utf8"));
export const boolean = (value: boolean): Buffer => tlv(0x01, Buffer.from([value ? 0xff : 0]));

/** `[number]` constructed around a whole element. */
export const explicit = (number: number, ...parts: Buffer[]): Buffer => tlv(0xa0 | number, ...parts);

/** `[number]` in place of a primitive element's own tag. */
export const implicit = (number: number, value: Buffer): Buffer => tlv(0x80 | number, value);

/** A non-negative integer, big-endian. */
export function integer(value: Buffer): Buffer {
    // A set first bit would make it negative; leading zeros are not minimal.
    let start = 0;
    while (start < value.length - 1 && value[start] === 0) {
        start++;
    }
    const minimal = value.subarray(start);
    return tlv(0x02, (minimal[0] ?? 0) & 0x80 ? Buffer.from([0]) : Buffer.alloc(0), minimal);
}

export function bitString(value: Buffer, unusedBits = 0): Buffer {
    return tlv(0x03, Buffer.from([unusedBits]), value);
}

/** Dotted form, e.g. `2.5.4.3`. */
export function objectIdentifier(dotted: string): Buffer {
    const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
    const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
        const septets = [arc & 0x7f];
        for (let left = arc >> 7; left > 0; left >>= 7) {
            septets.unshift((left & 0x7f) | 0x80);
        }
        return septets;
    });
    return tlv(0x06, Buffer.from(bytes));
}

/** UTCTime until 2049, GeneralizedTime from 2050, as RFC 5280 4.1.2.5 wants. */
export function time(date: Date): Buffer {
    const digits = date
        .toISOString()
        .replace(/\.\d+Z$/, "Z")
        .replace(/[-:T]/g, "");
    return date.getUTCFullYear() < 2050 ? tlv(0x17, Buffer.from(digits.slice(2))) : tlv(0x18, Buffer.from(digits));
}
