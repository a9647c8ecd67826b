import { z } from "zod";

import { formatCidr, networkOf, parseCidr } from "../contract/cidr.ts";
import { kubernetesVersions } from "../contract/kubernetes-releases.ts";
import { iamPathPattern } from "../contract/shapes.ts";
import { shown } from "./problems.ts";
import { regions } from "./regions.ts";
import { nearest } from "./suggest.ts";

// Each field says besides its check what the generated reference and the editor schema need: `allowed` in a few words,
// `examples`, and for editors a `pattern` or `enum`. A key that uses the field adds its meaning by `.describe()`.

const cidrPattern = "^([0-9]{1,3}\\.){3}[0-9]{1,3}/[0-9]{1,2}$";
const namePattern = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const labelPattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const versionPattern = /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
const zonePattern = /^Z[A-Z0-9]{4,31}$/;
const repositoryPattern = /^[a-z0-9]+([._/-][a-z0-9]+)*$/;
const prefixPattern = /^([\w+=.@-]+\/)+$/;
const boundaryPattern = /^arn:aws:iam::(\d{12}|aws):policy\/([\w+=,.@-]+\/)*[\w+=,.@-]+$/;
const mountPattern = /^[a-z0-9][a-z0-9_-]*(\/[a-z0-9][a-z0-9_-]*)*$/;
const takenMounts = /^(auth|cubbyhole|identity|sys)(\/|$)|^(kubernetes|registrations)-/;
const stackPattern = /^[\w.-]+\/[\w.-]+\/[\w.-]+$/;

/**
 * Text that must satisfy a check.
 *
 * @param check the problem with the text, starting with its code, or undefined
 * @param wrongType the same for a value that is no text; zod's own words otherwise
 */
export function text(
    check: (value: string) => string | undefined,
    wrongType: (value: unknown) => string | undefined = () => undefined,
) {
    return z
        .string({ error: ({ input }) => (input === undefined ? undefined : wrongType(input)) })
        .superRefine((value, context) => {
            const problem = check(value);
            if (problem !== undefined) {
                context.addIssue({ code: "custom", message: problem, input: value });
            }
        });
}

/** Non-empty text. */
export const word = text((value) => (value.trim() === "" ? "E-CFG-002 empty. Fix: give it a value." : undefined)).meta({
    allowed: "not empty",
});

/** A list in which nothing stands twice. */
export function distinct<Item extends z.ZodType>(item: Item) {
    return z.array(item).superRefine((list, context) => {
        const twice = list.find((each, index) => list.indexOf(each) < index);
        if (twice !== undefined) {
            context.addIssue({
                code: "custom",
                message: `E-CFG-006 listed twice (got ${shown(twice)} again). Fix: list it once.`,
                input: list,
            });
        }
    });
}

function accountProblem(value: unknown): string | undefined {
    if (typeof value === "string" && /^\d{12}$/.test(value)) {
        return undefined;
    }
    return (
        `E-ACC-001 not an account id (got ${shown(value)}; allowed: 12 digits as a quoted string). ` +
        `Fix: quote it; YAML drops leading zeros of a number.`
    );
}

/** An AWS account id. */
export const accountId = text(accountProblem, accountProblem).meta({
    allowed: "12 digits, quoted",
    pattern: "^[0-9]{12}$",
    examples: ["111111111111"],
});

/** A region of AWS. */
export const region = text((value) => {
    if (regions.includes(value)) {
        return undefined;
    }
    const meant = nearest(value, regions);
    return `E-REG-001 unknown region (got ${shown(value)}). Fix: ${meant === undefined ? "use a region of the AWS partition, such as eu-west-1." : `did you mean ${meant}?`}`;
}).meta({ allowed: "a region of the AWS partition", enum: [...regions], examples: ["eu-west-1"] });

/** A VPC's or the Services' IPv4 range. */
export const vpcCidr = text((value) => {
    const range = parseCidr(value);
    if (range === undefined) {
        return `E-NET-001 not a CIDR (got ${shown(value)}; allowed: a.b.c.d/16 to /28). Fix: write it like 10.0.0.0/16.`;
    }
    if (range.prefix < 16 || range.prefix > 28) {
        return `E-NET-003 AWS allows /16 to /28 (got ${shown(value)}). Fix: use a prefix in that range.`;
    }
    const network = networkOf(range);
    if (network.first !== range.first) {
        return `E-NET-002 host bits set (got ${shown(value)}). Fix: did you mean ${formatCidr(network)}?`;
    }
    return undefined;
}).meta({ allowed: "an IPv4 network of /16 to /28", pattern: cidrPattern, examples: ["10.0.0.0/16"] });

/** An IPv4 range of an allow-list, of any size. */
export const allowedCidr = text((value) =>
    parseCidr(value) === undefined
        ? `E-NET-001 not a CIDR (got ${shown(value)}; allowed: a.b.c.d/n). Fix: a single address ends in /32.`
        : undefined,
).meta({ allowed: "an IPv4 range", pattern: cidrPattern, examples: ["203.0.113.0/24"] });

/** An IPv4 range that packets are routed to or admitted from, of any size; without host bits, as AWS wants it there. */
export const routedCidr = text((value) => {
    const range = parseCidr(value);
    if (range === undefined) {
        return `E-NET-001 not a CIDR (got ${shown(value)}; allowed: a.b.c.d/n). Fix: a single address ends in /32.`;
    }
    const network = networkOf(range);
    return network.first === range.first
        ? undefined
        : `E-NET-002 host bits set (got ${shown(value)}). Fix: did you mean ${formatCidr(network)}?`;
}).meta({ allowed: "an IPv4 network", pattern: cidrPattern, examples: ["10.0.0.0/8"] });

/** One IPv4 address. */
export const ipv4Address = text((value) =>
    parseCidr(`${value}/32`) === undefined
        ? `E-NET-010 not an IPv4 address (got ${shown(value)}; allowed: a.b.c.d). Fix: write one address, without a prefix length.`
        : undefined,
).meta({ allowed: "an IPv4 address", examples: ["203.0.113.7"] });

/** The id of something in EC2, such as `vpc-0123456789abcdef0`. */
export function ec2Id(prefix: "vpc" | "subnet" | "rtb" | "tgw") {
    const example = `${prefix}-0123456789abcdef0`;
    const pattern = `^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`;
    return text((value) =>
        new RegExp(pattern).test(value)
            ? undefined
            : `E-NET-010 not an id (got ${shown(value)}; allowed: ${prefix}- and 8 or 17 hexadecimal digits). Fix: write it like ${example}.`,
    ).meta({ allowed: `${prefix}- and 8 or 17 hexadecimal digits`, pattern, examples: [example] });
}

/** Periods for which CloudWatch Logs keeps events. */
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
const logRetentions = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Days that logs are kept. */
export const logRetentionDays = z.literal(logRetentions);

/** A Kubernetes minor version. */
export const kubernetesVersion = text(
    (value) =>
        kubernetesVersions.includes(value)
            ? undefined
            : `E-K8S-001 not supported (got ${shown(value)}; supported: ${kubernetesVersions.join(", ")}). ` +
              `Fix: use a supported minor version.`,
    (value) => (typeof value === "number" ? quotedVersionProblem(value) : undefined),
).meta({ allowed: kubernetesVersions.map(shown).join(", "), enum: [...kubernetesVersions], examples: ["1.35"] });

/** What is wrong with a version that YAML made a number of. */
export function quotedVersionProblem(value: number): string {
    return `E-K8S-002 a number (got ${value}; YAML reads 1.30 as 1.3). Fix: quote it, for example "1.35".`;
}

/**
 * A cluster's name. EKS would take capitals and underscores, but the name is also that of a Kubernetes Secret and the
 * beginning of every Application's.
 */
export const clusterName = text((value) =>
    namePattern.test(value)
        ? undefined
        : `E-NAME-002 bad characters (got ${shown(value)}; must match ^[a-z0-9]([a-z0-9-]*[a-z0-9])?$). ` +
          `Fix: use lower-case letters, digits and inner hyphens.`,
).meta({ allowed: "lower-case letters, digits and inner hyphens", pattern: namePattern.source, examples: ["dev-01"] });

/** A name that becomes a Kubernetes label value and a folder: environment or tenant. */
export const label = text((value) =>
    labelPattern.test(value)
        ? undefined
        : `E-LBL-001 not a label (got ${shown(value)}; allowed: up to 63 lower-case letters, digits, hyphens). Fix: shorten or rename it.`,
).meta({
    allowed: "up to 63 lower-case letters, digits and inner hyphens",
    pattern: labelPattern.source,
    examples: ["platform"],
});

/** IAM path of a folder. */
export const iamPath = text((value) =>
    iamPathPattern.test(value) && value.length <= 64
        ? undefined
        : `E-IAM-002 not a folder in IAM (got ${shown(value)}; allowed: up to 64 characters with / at both ends). ` +
          `Fix: write it like /fleet/; without a folder of its own the hub's permission would match other roles.`,
).meta({ allowed: "a folder with / at both ends", pattern: iamPathPattern.source, examples: ["/fleet/"] });

/** Id of a Route 53 hosted zone. */
export const hostedZoneId = text((value) =>
    zonePattern.test(value)
        ? undefined
        : `E-IAM-004 not the id of a hosted zone (got ${shown(value)}). Fix: write it like Z0123456789ABCDEFGHIJ, without /hostedzone/.`,
).meta({ allowed: "id of a hosted zone", pattern: zonePattern.source, examples: ["Z0123456789ABCDEFGHIJ"] });

/** Name of an ECR repository. */
export const ecrRepository = text((value) =>
    repositoryPattern.test(value) && value.length <= 256
        ? undefined
        : `E-IAM-004 not the name of an ECR repository (got ${shown(value)}). Fix: write it like team/app, without registry, tag or wildcard.`,
).meta({ allowed: "name of an ECR repository", pattern: repositoryPattern.source, examples: ["shop/frontend"] });

/** How the names of some secrets begin. */
export const secretPrefix = text((value) =>
    prefixPattern.test(value)
        ? undefined
        : `E-IAM-004 not the beginning of secret names (got ${shown(value)}). Fix: write it like shop/, with a slash at the end and no wildcard.`,
).meta({ allowed: "folders with a slash at the end", pattern: prefixPattern.source, examples: ["shop/"] });

/** ARN of a managed policy, to be a permissions boundary. */
export const permissionsBoundary = text((value) =>
    boundaryPattern.test(value)
        ? undefined
        : `E-IAM-001 not the ARN of a managed policy (got ${shown(value)}; allowed: partition aws, no wildcard). ` +
          `Fix: write it like arn:aws:iam::111111111111:policy/fleet-boundary.`,
).meta({
    allowed: "ARN of a managed policy",
    pattern: boundaryPattern.source,
    examples: ["arn:aws:iam::111111111111:policy/fleet-boundary"],
});

/** A Git repository: https:// or SSH, without a credential; http:// from this machine only. */
export const gitUrl = text((value) => {
    if (/^[\w.-]+@[\w.-]+:[^\s]+$/.test(value)) {
        return undefined;
    }
    const url = parseUrl(value);
    if (url === null || !(url.protocol === "ssh:" || isSafeHttp(url))) {
        return `E-GIT-001 not a repository address (got ${shown(withoutCredential(value))}). Fix: use https:// or git@.`;
    }
    if (url.password !== "" || (url.protocol !== "ssh:" && url.username !== "")) {
        return "E-GIT-002 credentials in the URL. Fix: remove them, store them in Argo CD's repository Secret, and revoke them.";
    }
    return undefined;
}).meta({ allowed: "https:// or SSH, without a credential", examples: ["https://github.com/example-org/fleet.git"] });

/** A folder inside a repository. */
export const repositoryPath = text((value) =>
    value === "" || value.startsWith("/") || value.split("/").some((part) => part === ".." || part === "")
        ? `E-GIT-004 not a folder of the repository (got ${shown(value)}). Fix: write it relative to its root, without "..".`
        : undefined,
).meta({ allowed: "a folder relative to the repository's root", examples: ["gitops"] });

/** A Helm repository: https:// or oci://; http:// from this machine only. */
export const chartRepository = text((value) => {
    const url = parseUrl(value);
    return url !== null && (url.protocol === "oci:" || isSafeHttp(url))
        ? undefined
        : `E-CHT-002 not a chart repository (got ${shown(value)}). Fix: use https:// or oci://.`;
}).meta({ allowed: "https:// or oci://", examples: ["https://charts.example.com"] });

/** One version of a chart. */
export const chartVersion = text((value) =>
    versionPattern.test(value)
        ? undefined
        : `E-CHT-001 not an exact version (got ${shown(value)}). Fix: pin one, for example 10.9.0; no range, no "latest".`,
).meta({ allowed: "one exact version", pattern: versionPattern.source, examples: ["10.9.0"] });

/** An instance of IAM Identity Center. */
export const identityCenterArn = text((value) =>
    /^arn:aws:sso:::instance\/(ssoins|d)-[0-9a-z]+$/.test(value)
        ? undefined
        : `E-ARG-003 not an instance of IAM Identity Center (got ${shown(value)}; allowed: arn:aws:sso:::instance/ssoins-…). ` +
          "Fix: `aws sso-admin list-instances` shows it.",
);

/** A number that names something, as text or not: no arithmetic is done with it. */
export const numericId = z
    .union([z.string(), z.int()])
    .transform(String)
    .pipe(
        text((value) =>
            /^[1-9]\d*$/.test(value)
                ? undefined
                : `E-CFG-002 not an id (got ${shown(value)}; allowed: digits). Fix: copy it from the page of the GitHub App.`,
        ),
    );

/** Path of a store in Vault. */
export const vaultMountPath = text((value) =>
    mountPattern.test(value) && !takenMounts.test(value)
        ? undefined
        : `E-VLT-002 not a free mount path (got ${shown(value)}; allowed: words with inner slashes, none of Vault's own ` +
          `or the fleet's auth mounts). Fix: write it like fleet or teams/fleet.`,
).meta({ allowed: "words with inner slashes", pattern: mountPattern.source, examples: ["fleet"] });

/** Where Vault answers. */
export const vaultAddress = text((value) => {
    const url = parseUrl(value);
    return url !== null && isSafeHttp(url)
        ? undefined
        : `E-VLT-001 not a safe address (got ${shown(value)}). Fix: use https://; tokens travel on this connection.`;
}).meta({ allowed: "https://", examples: ["https://vault.example.com"] });

/** Another stack, fully qualified. */
export const stackName = text((value) =>
    stackPattern.test(value)
        ? undefined
        : `E-REF-001 not a stack (got ${shown(value)}). Fix: set <organization>/<project>/<stack>, for example organization/fleet/hub.`,
).meta({
    allowed: "<organization>/<project>/<stack>",
    pattern: stackPattern.source,
    examples: ["organization/fleet/hub"],
});

/** Strictly `scheme://host…`: browsers, and so URL, also make sense of https:/host and of blanks around it. */
function parseUrl(value: string): URL | null {
    return /^[a-z][a-z0-9+.-]*:\/\/[^\s./][^\s]*$/i.test(value) && URL.canParse(value) ? new URL(value) : null;
}

/** Nobody listens between two ends of a loopback connection, so plain http is as good there. */
function isSafeHttp(url: URL): boolean {
    const loopback = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
    return url.protocol === "https:" || (url.protocol === "http:" && loopback);
}

/** A message never repeats a credential. */
function withoutCredential(value: string): string {
    return value.replace(/\/\/[^/@]*@/, "//…@");
}
