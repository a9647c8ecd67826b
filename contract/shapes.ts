import { z } from "zod";

import { parseCidr } from "./cidr.ts";

/** Twelve digits, as text: YAML would read a leading zero as octal. */
export const accountIdShape = z.string().regex(/^\d{12}$/, "is not a 12-digit account id");

/** ARN of an IAM role, path included. */
export const roleArnShape = z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, "is not the ARN of an IAM role");

/** IAM path of a folder: `/` at both ends and something between. */
export const iamPathPattern = /^\/([\w.,+@=-]+\/)+$/;

/** See {@link iamPathPattern}. */
export const iamPathShape = z.string().regex(iamPathPattern, "is not an IAM path such as /fleet/");

/** ARN of anything in AWS that lives in a region. */
export const regionalArnShape = z
    .string()
    .regex(/^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]+:\d{12}:.+$/, "is not the ARN of a regional resource");

/** An IPv4 range such as 10.0.0.0/16. */
export const cidrShape = z.string().refine((text) => parseCidr(text) !== undefined, "is not an IPv4 CIDR");

/** Id of a VPC's route table. */
export const routeTableIdShape = z.string().regex(/^rtb-[0-9a-f]+$/, "is not a route table's id");

/** Kubernetes minor version, for example "1.35". */
export const kubernetesVersionShape = z.string().regex(/^1\.\d{2}$/, "is not a Kubernetes minor version");

/** A DNS-1123 label, which is also a legal label value, Secret name and part of an Application's name. */
export const dnsLabelShape = z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "is not a lower-case DNS label of at most 63 characters");

/** Labels and annotations hold text only, so a flag is the word. */
export const flagShape = z.enum(["true", "false"]);
