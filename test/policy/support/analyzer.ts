import path from "node:path";
import analyzerPb from "@pulumi/pulumi/proto/analyzer_pb.js";
import type * as rpc from "@pulumi/pulumi/proto/analyzer_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import type { requestCallback } from "@grpc/grpc-js";

import type { Props } from "../../../sandbox/engine/kit/types.ts";
import { decode } from "../../../sandbox/engine/kit/values.ts";
import { configureRequest, levelOf, packConfig, type ConfigFile } from "../../../sandbox/plan/analyzer-config.ts";
import { startAnalyzer, type AnalyzerProcess } from "../../../sandbox/plan/analyzer-process.ts";
import { analyzeRequest, analyzeStackRequest } from "../../../sandbox/plan/analyzer-request.ts";
import type { ProgramRun } from "../../../sandbox/plan/program.ts";
import type { PlannedResource } from "../../../sandbox/plan/registration.ts";
import type { ExampleResource } from "../../../policy-pack/rule/rule.ts";
import { exampleRequest, exampleStackRequest } from "./requests.ts";

export const repo = path.resolve(import.meta.dirname, "../../..");

/** One diagnostic of the pack. */
export interface Finding {
    rule: string;
    level: string;
    /** Logical name of the resource; "" for the stack. */
    resource: string;
    /** Without the rule's description, which the SDK puts before it. */
    message: string;
}

/** What the pack made of one question. */
export interface Answer {
    findings: Finding[];
    /** Rules that said something, a violation or that all is well: neither disabled nor not applicable. */
    judged: string[];
}

/** The real pack in its real process, spoken to as the engine does. One for all test files. */
export class Pack {
    readonly info: rpc.AnalyzerInfo;
    readonly #process: AnalyzerProcess;
    #disabled = new Set<string>();

    private constructor(process: AnalyzerProcess, info: rpc.AnalyzerInfo) {
        this.#process = process;
        this.info = info;
    }

    static async start(): Promise<Pack> {
        const process = await startAnalyzer(path.join(repo, "policy-pack"));
        const info = await call<rpc.AnalyzerInfo>((done) => process.client.getAnalyzerInfo(new emptyPb.Empty(), done));
        return new Pack(process, info);
    }

    /** As `--policy-pack-config`. */
    async configure(file: ConfigFile = {}): Promise<void> {
        const config = packConfig(this.info, file);
        this.#disabled = new Set([...config].filter(([, { level }]) => level === "disabled").map(([rule]) => rule));
        await call((done) => this.#process.client.configure(configureRequest(config), done));
    }

    /** Every rule about a resource. */
    async resource(example: ExampleResource): Promise<Answer> {
        return this.#analyze(exampleRequest(example));
    }

    /** Every rule about a stack. */
    async stack(examples: readonly ExampleResource[]): Promise<Answer> {
        return this.#analyzeStack(exampleStackRequest(examples));
    }

    /** Every rule about each of the resources, and about the stack of them. */
    async all(examples: readonly ExampleResource[]): Promise<Answer> {
        const answers = [await this.stack(examples)];
        for (const example of examples) {
            answers.push(await this.resource(example));
        }
        return merged(answers);
    }

    /** A resource of a planned stack. */
    async planned(resource: PlannedResource, run: ProgramRun): Promise<Answer> {
        return this.#analyze(analyzeRequest(resource, run));
    }

    /** A planned stack as a whole. */
    async plannedStack(run: ProgramRun): Promise<Answer> {
        return this.#analyzeStack(analyzeStackRequest(run));
    }

    /** Inputs as the rules of level remediate leave them, and which of them did something. */
    async remediated(example: ExampleResource): Promise<{ props: Props; by: string[] }> {
        const response = await call<rpc.RemediateResponse>((done) =>
            this.#process.client.remediate(exampleRequest(example), done),
        );
        const list = response.getRemediationsList();
        const last = list.at(-1)?.getProperties();
        return { props: last === undefined ? {} : decode(last), by: list.map((each) => each.getPolicyname()) };
    }

    stop(): Promise<void> {
        return this.#process.stop();
    }

    async #analyze(request: rpc.AnalyzeRequest): Promise<Answer> {
        const response = await call<rpc.AnalyzeResponse>((done) => this.#process.client.analyze(request, done));
        return this.#answer(response, analyzerPb.PolicyType.POLICY_TYPE_RESOURCE, request.getName());
    }

    async #analyzeStack(request: rpc.AnalyzeStackRequest): Promise<Answer> {
        const response = await call<rpc.AnalyzeResponse>((done) => this.#process.client.analyzeStack(request, done));
        return this.#answer(response, analyzerPb.PolicyType.POLICY_TYPE_STACK, "");
    }

    #answer(response: rpc.AnalyzeResponse, kind: number, resource: string): Answer {
        const skipped = new Set(response.getNotApplicableList().map((each) => each.getPolicyName()));
        const rules = this.info.getPoliciesList();
        const judged = rules
            .filter((rule) => (rule.getPolicyType() as number) === kind)
            .map((rule) => rule.getName())
            .filter((name) => !skipped.has(name) && !this.#disabled.has(name));
        const findings = response.getDiagnosticsList().map((diagnostic) => {
            const rule = diagnostic.getPolicyname();
            const description = rules.find((each) => each.getName() === rule)?.getDescription() ?? "";
            const message = diagnostic.getMessage();
            return {
                rule,
                level: levelOf(diagnostic.getEnforcementlevel()),
                resource: diagnostic.getUrn().split("::").at(-1) || resource,
                message: message.startsWith(`${description}\n`) ? message.slice(description.length + 1) : message,
            };
        });
        return { findings, judged };
    }
}

function merged(answers: readonly Answer[]): Answer {
    return {
        findings: answers.flatMap(({ findings }) => findings),
        judged: [...new Set(answers.flatMap(({ judged }) => judged))],
    };
}

function call<Response>(start: (done: requestCallback<Response>) => unknown): Promise<Response> {
    return new Promise((resolve, reject) => {
        start((error, response) => {
            if (error !== null) {
                reject(new Error(error.details));
            } else if (response !== undefined) {
                resolve(response);
            }
        });
    });
}

let shared: Promise<Pack> | undefined;

/** The pack that all test files share; it ends with this process. */
export async function sharedPack(file: ConfigFile = {}): Promise<Pack> {
    shared ??= Pack.start();
    const pack = await shared;
    await pack.configure(file);
    return pack;
}

after(async () => {
    await (await shared)?.stop();
    shared = undefined;
});
