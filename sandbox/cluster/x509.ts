import { createHash, createPublicKey, randomBytes, sign, type KeyObject } from "node:crypto";
import { isIP, isIPv4 } from "node:net";
import {
    bitString,
    boolean,
    explicit,
    implicit,
    integer,
    objectIdentifier,
    octetString,
    sequence,
    set,
    time,
    utf8String,
} from "./der.ts";

/** Node's crypto reads X.509 certificates and cannot make them; this makes the two kinds a control plane needs. */

/** Who signs: a common name and the P-256 private key behind it. */
export interface Issuer {
    commonName: string;
    privateKey: KeyObject;
}

export interface CertificateRequest {
    commonName: string;
    publicKey: KeyObject;
    issuer: Issuer;
    /** A certificate authority, or a server with these host names and IPv4 addresses. */
    usage: { kind: "ca" } | { kind: "server"; names: string[] };
    notBefore: Date;
    notAfter: Date;
}

const OID = {
    commonName: "2.5.4.3",
    ecdsaWithSha256: "1.2.840.10045.4.3.2",
    subjectKeyIdentifier: "2.5.29.14",
    keyUsage: "2.5.29.15",
    subjectAltName: "2.5.29.17",
    basicConstraints: "2.5.29.19",
    authorityKeyIdentifier: "2.5.29.35",
    extendedKeyUsage: "2.5.29.37",
    serverAuth: "1.3.6.1.5.5.7.3.1",
};

/** An X.509 v3 certificate (RFC 5280), ECDSA with SHA-256, in PEM. */
export function issueCertificate(request: CertificateRequest): string {
    const algorithm = sequence(objectIdentifier(OID.ecdsaWithSha256));
    // 127 random bits: positive, and unique without a register.
    const serial = randomBytes(16);
    serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x01;
    const toBeSigned = sequence(
        explicit(0, integer(Buffer.from([2]))),
        integer(serial),
        algorithm,
        name(request.issuer.commonName),
        sequence(time(request.notBefore), time(request.notAfter)),
        name(request.commonName),
        spki(request.publicKey),
        explicit(3, sequence(...extensions(request))),
    );
    const signature = sign("sha256", toBeSigned, { key: request.issuer.privateKey, dsaEncoding: "der" });
    const der = sequence(toBeSigned, algorithm, bitString(signature));
    const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
    return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

function extensions(request: CertificateRequest): Buffer[] {
    const ids = [
        extension(OID.subjectKeyIdentifier, false, octetString(keyId(request.publicKey))),
        extension(
            OID.authorityKeyIdentifier,
            false,
            sequence(implicit(0, keyId(createPublicKey(request.issuer.privateKey)))),
        ),
    ];
    if (request.usage.kind === "ca") {
        return [
            extension(OID.basicConstraints, true, sequence(boolean(true))),
            // keyCertSign (bit 5) and cRLSign (bit 6).
            extension(OID.keyUsage, true, bitString(Buffer.from([0b0000_0110]), 1)),
            ...ids,
        ];
    }
    return [
        // digitalSignature (bit 0).
        extension(OID.keyUsage, true, bitString(Buffer.from([0b1000_0000]), 7)),
        extension(OID.extendedKeyUsage, false, sequence(objectIdentifier(OID.serverAuth))),
        extension(OID.subjectAltName, false, sequence(...request.usage.names.map(generalName))),
        ...ids,
    ];
}

function extension(oid: string, critical: boolean, value: Buffer): Buffer {
    return sequence(objectIdentifier(oid), ...(critical ? [boolean(true)] : []), octetString(value));
}

function generalName(value: string): Buffer {
    if (isIPv4(value)) {
        return implicit(7, Buffer.from(value.split(".").map(Number)));
    }
    if (isIP(value) !== 0) {
        throw new Error(`Certificates here are for host names and IPv4 addresses, not for ${value}.`);
    }
    return implicit(2, Buffer.from(value, "ascii"));
}

function name(commonName: string): Buffer {
    return sequence(set(sequence(objectIdentifier(OID.commonName), utf8String(commonName))));
}

function spki(key: KeyObject): Buffer {
    return key.export({ type: "spki", format: "der" });
}

/** Any stable hash of the key will do (RFC 5280 4.2.1.2); 160 bits as customary. */
function keyId(key: KeyObject): Buffer {
    return createHash("sha256").update(spki(key)).digest().subarray(0, 20);
}
