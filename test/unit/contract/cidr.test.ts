import assert from "node:assert/strict";

import { cidrsOverlap, coversInternet, formatCidr, networkOf, parseCidr, subdivide } from "../../../contract/cidr.ts";

function cidr(text: string) {
    const range = parseCidr(text);
    assert.ok(range, text);
    return range;
}

describe("contract/cidr", () => {
    it("reads and writes IPv4 ranges", () => {
        for (const text of ["0.0.0.0/0", "10.0.0.5/16", "255.255.255.255/32", "203.0.113.0/24"]) {
            assert.equal(formatCidr(cidr(text)), text);
        }
    });

    it("refuses everything else", () => {
        for (const text of [
            "10.0.0.0",
            "10.0.0.0/33",
            "256.0.0.0/8",
            "10.0.0/8",
            "10.0.0.0/8 ",
            "::/0",
            "a.b.c.d/8",
            "",
        ]) {
            assert.equal(parseCidr(text), undefined, text);
        }
    });

    it("clears host bits, also above 2^31", () => {
        assert.equal(formatCidr(networkOf(cidr("10.0.0.5/16"))), "10.0.0.0/16");
        assert.equal(formatCidr(networkOf(cidr("203.0.113.77/28"))), "203.0.113.64/28");
    });

    it("sees ranges that share an address", () => {
        assert.equal(cidrsOverlap(cidr("10.1.0.0/16"), cidr("10.1.128.0/17")), true);
        assert.equal(cidrsOverlap(cidr("10.1.128.0/17"), cidr("10.1.0.0/16")), true);
        assert.equal(cidrsOverlap(cidr("10.1.0.0/17"), cidr("10.1.128.0/17")), false);
    });

    it("cuts blocks out of a range and none outside it", () => {
        assert.equal(formatCidr(subdivide(cidr("10.0.0.0/16"), 18, 3)), "10.0.192.0/18");
        assert.throws(() => subdivide(cidr("10.0.0.0/16"), 18, 4), /10\.0\.0\.0\/16 has no block 4 of \/18/);
        assert.throws(() => subdivide(cidr("10.0.0.0/16"), 15, 0), RangeError);
    });

    it("recognises the internet, whole or in pieces", () => {
        const internet = [["0.0.0.0/0"], ["0.0.0.0/1", "128.0.0.0/1"], ["12.0.0.0/7"]];
        for (const list of internet) {
            assert.equal(coversInternet(list.map(cidr)), true, list.join());
        }
        const quarters = Array.from({ length: 64 }, (_, index) => cidr(`${index}.0.0.0/8`));
        assert.equal(coversInternet(quarters), true, "64 × /8 are 2^30 addresses");
        assert.equal(coversInternet(quarters.slice(1)), false);
        assert.equal(coversInternet([cidr("203.0.113.0/24"), cidr("10.0.0.0/8"), cidr("10.0.0.0/8")]), false);
        assert.equal(coversInternet([]), false);
    });
});
