import assert from "node:assert/strict";
import {
    readSignature,
    SignatureFormatError,
    signatureMatches,
    type SignedRequest,
} from "../../sandbox/aws-twin/endpoints/sigv4.ts";
import { sign } from "./client.ts";

const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const SCOPE = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";

interface Vector {
    title: string;
    method: string;
    url: string;
    headers: Record<string, string>;
    body: string;
    authorization: string;
}

function authorization(signedHeaders: string, signature: string, scope = SCOPE): string {
    return `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

const HEADERS = { host: "example.amazonaws.com", "x-amz-date": "20150830T123600Z" };
const FORM = "application/x-www-form-urlencoded";

/** Published by AWS: its Signature Version 4 test suite, and the worked example of the documentation (the last one). */
const VECTORS: Vector[] = [
    {
        title: "get-vanilla",
        method: "GET",
        url: "https://example.amazonaws.com/",
        headers: HEADERS,
        body: "",
        authorization: authorization(
            "host;x-amz-date",
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        ),
    },
    {
        title: "get-vanilla-query-order-key-case",
        method: "GET",
        url: "https://example.amazonaws.com/?Param2=value2&Param1=value1",
        headers: HEADERS,
        body: "",
        authorization: authorization(
            "host;x-amz-date",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
    },
    {
        title: "post-x-www-form-urlencoded",
        method: "POST",
        url: "https://example.amazonaws.com/",
        headers: { ...HEADERS, "content-type": FORM },
        body: "Param1=value1",
        authorization: authorization(
            "content-type;host;x-amz-date",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        ),
    },
    {
        title: "ListUsers of the documentation",
        method: "GET",
        url: "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
        headers: {
            host: "iam.amazonaws.com",
            "x-amz-date": "20150830T123600Z",
            "content-type": `${FORM}; charset=utf-8`,
        },
        body: "",
        authorization: authorization(
            "content-type;host;x-amz-date",
            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
            "AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request",
        ),
    },
];

/** Made by the AWS SDK for JavaScript (\@smithy/signature-v4 5): a presigned GetCallerIdentity as EKS tokens hold it. */
const PRESIGNED =
    "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15" +
    "&X-Amz-Security-Token=token%2Fwith%2Bsigns%3D" +
    "&X-Amz-Algorithm=AWS4-HMAC-SHA256" +
    "&X-Amz-Credential=AKIDEXAMPLE%2F20261120%2Feu-west-1%2Fsts%2Faws4_request" +
    "&X-Amz-Date=20261120T120000Z" +
    "&X-Amz-Expires=60" +
    "&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id" +
    "&X-Amz-Signature=0db2731e1fe5fe0cb1b51e271d1f595ae9dddddbbc45eb7594db80b4be103ede";

function request(vector: Vector): SignedRequest {
    return {
        method: vector.method,
        url: new URL(vector.url),
        headers: { ...vector.headers, authorization: vector.authorization },
        body: Buffer.from(vector.body),
    };
}

function verify(signed: SignedRequest, secret = SECRET): boolean {
    return signatureMatches(signed, readSignature(signed), secret);
}

function read(headers: Record<string, string>) {
    return readSignature({ url: new URL("http://127.0.0.1/"), headers });
}

describe("Signature Version 4", () => {
    for (const vector of VECTORS) {
        it(`accepts AWS's own signature: ${vector.title}`, () => assert.equal(verify(request(vector)), true));

        it(`refuses ${vector.title} when anything signed has changed`, () => {
            const good = request(vector);
            assert.equal(verify(good, `${SECRET}x`), false, "secret");
            assert.equal(verify({ ...good, body: Buffer.from("other") }), false, "body");
            assert.equal(verify({ ...good, method: "PUT" }), false, "method");
            assert.equal(verify({ ...good, url: new URL("?Action=Other", good.url) }), false, "query");
            assert.equal(verify({ ...good, url: new URL("/other", good.url) }), false, "path");
            for (const name of Object.keys(vector.headers).filter((each) => each !== "x-amz-date")) {
                assert.equal(verify({ ...good, headers: { ...good.headers, [name]: "other" } }), false, name);
            }
        });
    }

    it("accepts a presigned URL made by the AWS SDK, for the cluster it was made for only", () => {
        const headers = { host: "sts.eu-west-1.amazonaws.com", "x-k8s-aws-id": "dev-01" };
        const presigned = { method: "GET", url: new URL(PRESIGNED), headers, body: Buffer.alloc(0) };
        const signature = readSignature(presigned);
        assert.deepEqual(
            [signature.accessKeyId, signature.service, signature.expires, signature.sessionToken],
            ["AKIDEXAMPLE", "sts", 60, "token/with+signs="],
        );
        assert.equal(verify(presigned), true);
        assert.equal(verify({ ...presigned, headers: { ...headers, "x-k8s-aws-id": "prod-01" } }), false);
    });

    it("refuses a good signature that leaves the host out, or whose date is not its scope's", () => {
        const credentials = { AccessKeyId: "AKIDEXAMPLE", SecretAccessKey: SECRET, Token: "" };
        const attempt = (headers: Record<string, string>, date: string): boolean => {
            const scope = `${date}/us-east-1/service/aws4_request`;
            const signature = sign("GET", "", headers, "", credentials, HEADERS["x-amz-date"], scope);
            const names = Object.keys(headers).join(";");
            const all = { ...HEADERS, authorization: authorization(names, signature, `AKIDEXAMPLE/${scope}`) };
            return verify({
                method: "GET",
                url: new URL("https://example.amazonaws.com/"),
                headers: all,
                body: Buffer.alloc(0),
            });
        };
        assert.equal(attempt(HEADERS, "20150830"), true);
        assert.equal(attempt({ "x-amz-date": HEADERS["x-amz-date"] }, "20150830"), false);
        assert.equal(attempt(HEADERS, "20150831"), false);
    });

    it("tells a request without a signature from one with a broken signature", () => {
        assert.throws(
            () => read({}),
            (error) => error instanceof SignatureFormatError && error.missing,
        );
        for (const broken of [
            "Basic x",
            authorization("host", "00", "AKIDEXAMPLE/20150830"),
            authorization("host", ""),
        ]) {
            assert.throws(
                () => read({ authorization: broken, "x-amz-date": "20150830T123600Z" }),
                (error) => error instanceof SignatureFormatError && !error.missing,
                broken,
            );
        }
    });
});
