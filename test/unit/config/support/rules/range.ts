/** Throws for what is no IPv4 range. */
export function range(text: string): { first: bigint; size: bigint; bits: number } {
    const [address = "", bits = "", ...more] = text.split("/");
    const octets = address.split(".").map(BigInt);
    if (more.length > 0 || octets.length !== 4 || octets.some((octet) => octet > 255n) || !/^\d{1,2}$/.test(bits)) {
        throw new Error(`no range: ${text}`);
    }
    const first = octets.reduce((sum, octet) => sum * 256n + octet, 0n);
    return { first, size: 2n ** BigInt(32 - Number(bits)), bits: Number(bits) };
}

/** Whether two ranges have an address in common. */
export function share(a: string, b: string): boolean {
    const [one, other] = [range(a), range(b)];
    return one.first < other.first + other.size && other.first < one.first + one.size;
}
