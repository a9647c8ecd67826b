/** An IPv4 block: first address as a number, prefix length. */
export interface Block {
    first: number;
    prefix: number;
}

/** Undefined when the text is no CIDR or has host bits set. */
export function cidr(text: string): Block | undefined {
    const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
    if (match === null) return undefined;
    const numbers = match.slice(1).map(Number);
    const prefix = numbers[4] ?? 33;
    if (numbers.slice(0, 4).some((octet) => octet > 255) || prefix > 32) return undefined;
    const first = numbers.slice(0, 4).reduce((sum, octet) => sum * 256 + octet, 0);
    return first % size(prefix) === 0 ? { first, prefix } : undefined;
}

export function contains(outer: string, inner: string): boolean {
    const [a, b] = [cidr(outer), cidr(inner)];
    return a !== undefined && b !== undefined && b.first >= a.first && last(b) <= last(a);
}

export function overlaps(one: string, other: string): boolean {
    const [a, b] = [cidr(one), cidr(other)];
    return a !== undefined && b !== undefined && a.first <= last(b) && b.first <= last(a);
}

const size = (prefix: number) => 2 ** (32 - prefix);
const last = (block: Block) => block.first + size(block.prefix) - 1;
