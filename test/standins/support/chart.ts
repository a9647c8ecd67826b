import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Writes a chart of one Deployment and one Secret below `folder` and answers its path. Values: replicas, tag, password. */
export function writeChart(folder: string): string {
    const chart = path.join(folder, "tiny");
    mkdirSync(path.join(chart, "templates"), { recursive: true });
    const write = (file: string, text: string): void => writeFileSync(path.join(chart, file), text);
    write("Chart.yaml", "apiVersion: v2\nname: tiny\nversion: 1.2.3\nappVersion: v9\n");
    write("values.yaml", "replicas: 1\ntag: '1'\npassword: none\n");
    write("templates/all.yaml", TEMPLATE);
    return chart;
}

const TEMPLATE = `apiVersion: v1
kind: Secret
metadata: {name: "{{ .Release.Name }}-key"}
stringData: {password: "{{ .Values.password }}"}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: {{ .Release.Name }}}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}}}
    spec: {containers: [{name: main, image: "example.org/tiny:{{ .Values.tag }}"}]}
`;
