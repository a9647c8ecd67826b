import assert from "node:assert/strict";
import { generateKeyPairSync, X509Certificate, type KeyObject } from "node:crypto";
import { createServer, connect } from "node:tls";
import { integer, objectIdentifier, time } from "../../sandbox/cluster/der.ts";
import { issueCertificate } from "../../sandbox/cluster/x509.ts";

const validity = { notBefore: new Date("2026-01-01T00:00:00Z"), notAfter: new Date("2060-01-01T00:00:00Z") };
const ca = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const server = generateKeyPairSync("ec", { namedCurve: "prime256v1" });

function makeCa(commonName: string, keys: { publicKey: KeyObject; privateKey: KeyObject }): string {
    const issuer = { commonName, privateKey: keys.privateKey };
    return issueCertificate({ ...validity, commonName, publicKey: keys.publicKey, issuer, usage: { kind: "ca" } });
}

function makeServer(names: string[]): string {
    const issuer = { commonName: "dev-01-ca", privateKey: ca.privateKey };
    const { publicKey } = server;
    return issueCertificate({ ...validity, commonName: "api", publicKey, issuer, usage: { kind: "server", names } });
}

describe("certificates", () => {
    it("make a certificate authority that signs itself", () => {
        const certificate = new X509Certificate(makeCa("dev-01-ca", ca));
        assert.equal(certificate.ca, true);
        assert.equal(certificate.subject, "CN=dev-01-ca");
        assert.equal(certificate.verify(ca.publicKey), true);
        assert.equal(certificate.validTo, "Jan  1 00:00:00 2060 GMT");
    });

    it("make a server certificate for host names and addresses, signed by the authority", () => {
        const certificate = new X509Certificate(makeServer(["127.0.0.1", "10.100.0.1", "localhost"]));
        assert.equal(certificate.ca, false);
        assert.equal(certificate.checkIssued(new X509Certificate(makeCa("dev-01-ca", ca))), true);
        assert.equal(certificate.verify(ca.publicKey), true);
        assert.equal(certificate.verify(server.publicKey), false);
        assert.equal(certificate.checkIP("10.100.0.1"), "10.100.0.1");
        assert.equal(certificate.checkIP("10.100.0.2"), undefined);
        assert.equal(certificate.checkHost("localhost"), "localhost");
        assert.deepEqual(certificate.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
    });

    it("never use a serial number twice", () => {
        const serials = Array.from({ length: 20 }, () => new X509Certificate(makeServer(["a"])).serialNumber);
        assert.equal(new Set(serials).size, 20);
    });

    it("refuse an IPv6 address", () => {
        assert.throws(() => makeServer(["::1"]), /host names and IPv4 addresses, not for ::1/);
    });

    it("carry a TLS handshake with a client that trusts the authority, and not with another", async () => {
        const key = server.privateKey.export({ type: "pkcs8", format: "pem" });
        const listener = createServer({ key, cert: makeServer(["127.0.0.1"]) }, (socket) => socket.end("hello"));
        await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
        const address = listener.address();
        const port = typeof address === "object" ? (address?.port ?? 0) : 0;
        const handshake = (trusted: string) =>
            new Promise<string>((resolve) => {
                const socket = connect({ host: "127.0.0.1", port, ca: trusted }, () => {
                    socket.destroy();
                    resolve("trusted");
                });
                socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
            });
        const stranger = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
        const [own, other] = [await handshake(makeCa("dev-01-ca", ca)), await handshake(makeCa("dev-01-ca", stranger))];
        listener.close();
        assert.deepEqual([own, other], ["trusted", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"]);
    });
});

describe("DER", () => {
    it("keeps integers positive and minimal", () => {
        assert.equal(integer(Buffer.from([0x80])).toString("hex"), "02020080");
        assert.equal(integer(Buffer.from([0, 0, 0x7f])).toString("hex"), "02017f");
        assert.equal(integer(Buffer.from([0])).toString("hex"), "020100");
    });

    it("packs object identifiers in base 128", () => {
        assert.equal(objectIdentifier("1.2.840.10045.4.3.2").toString("hex"), "06082a8648ce3d040302");
    });

    it("writes times until 2049 with two digits of the year, and later ones with four", () => {
        assert.equal(time(new Date("2049-12-31T23:59:59Z")).toString("latin1").slice(2), "491231235959Z");
        assert.equal(time(new Date("2050-01-01T00:00:00Z")).toString("latin1").slice(2), "20500101000000Z");
    });
});
