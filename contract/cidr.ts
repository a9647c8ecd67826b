/** An IPv4 range: its first address as an unsigned 32-bit number, and how many leading bits are fixed. */
export interface Cidr {
    readonly first: number;
    readonly prefix: number;
}

/** `a.b.c.d/n` as numbers, host bits kept; undefined when the text is anything else. */
export function parseCidr(text: string): Cidr | undefined {
    const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
    const numbers = match?.slice(1).map(Number) ?? [];
    const prefix = numbers.pop();
    if (prefix === undefined || prefix > 32 || numbers.some((octet) => octet > 255)) {
        return undefined;
    }
    return { first: numbers.reduce((address, octet) => address * 256 + octet, 0), prefix };
}

/** The inverse of {@link parseCidr}. */
export function formatCidr({ first, prefix }: Cidr): string {
    const octets = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
    return `${octets.join(".")}/${prefix}`;
}

/** Number of addresses in the range. */
export function cidrSize(range: Cidr): number {
    return 2 ** (32 - range.prefix);
}

/** The same range with its host bits cleared: 10.0.0.5/16 becomes 10.0.0.0/16. */
export function networkOf(range: Cidr): Cidr {
    return { first: range.first - (range.first % cidrSize(range)), prefix: range.prefix };
}

/** Whether two ranges share an address. */
export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
    const [left, right] = [networkOf(a), networkOf(b)];
    return left.first < right.first + cidrSize(right) && right.first < left.first + cidrSize(left);
}

/** Whether every address of `inner` is one of `outer`. */
export function cidrContains(outer: Cidr, inner: Cidr): boolean {
    return inner.prefix >= outer.prefix && cidrsOverlap(outer, inner);
}

/** Ranges that nobody reaches from the internet: RFC 1918, and RFC 6598's shared address space. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** Whether a range has an address that nobody reaches from the internet. */
export function isPrivate(range: Cidr): boolean {
    return privateRanges.some((text) => {
        const block = parseCidr(text);
        return block !== undefined && cidrsOverlap(block, range);
    });
}

/** The `index`-th block of `prefix` bits inside `range`, counted from its start. */
export function subdivide(range: Cidr, prefix: number, index: number): Cidr {
    const block = { first: networkOf(range).first + index * 2 ** (32 - prefix), prefix };
    if (prefix < range.prefix || prefix > 32 || !cidrsOverlap(range, block)) {
        throw new RangeError(`${formatCidr(range)} has no block ${index} of /${prefix}`);
    }
    return block;
}

/**
 * Whether an allow-list is the internet in disguise: a range larger than /8, or a union of 2^30 addresses or more.
 * Looking for the literal 0.0.0.0/0 alone would let 0.0.0.0/1 plus 128.0.0.0/1 pass.
 */
export function coversInternet(ranges: readonly Cidr[]): boolean {
    return ranges.some((range) => range.prefix < 8) || unionSize(ranges) >= 2 ** 30;
}

function unionSize(ranges: readonly Cidr[]): number {
    const sorted = ranges.map(networkOf).toSorted((a, b) => a.first - b.first);
    let total = 0;
    let reached = 0;
    for (const range of sorted) {
        const end = range.first + cidrSize(range);
        total += Math.max(0, end - Math.max(range.first, reached));
        reached = Math.max(reached, end);
    }
    return total;
}
