{{- if ne .Release.Name "argocd" }}
{{- fail (printf "release %s: this stand-in of the chart argo-cd knows the release name argocd only" .Release.Name) }}
{{- end }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "argo-cd.labels" (dict "root" $ "name" "argocd-cm" "component" "server") | nindent 4 }}
data:
  {{- include "argo-cd.cm" . | trim | nindent 2 }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cmd-params-cm
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "argo-cd.labels" (dict "root" $ "name" "argocd-cmd-params-cm" "component" "server") | nindent 4 }}
data:
  {{- include "argo-cd.params" . | trim | nindent 2 }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-rbac-cm
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "argo-cd.labels" (dict "root" $ "name" "argocd-rbac-cm" "component" "server") | nindent 4 }}
data:
  {{- toYaml .Values.configs.rbac | nindent 2 }}
---
apiVersion: v1
kind: Secret
metadata:
  name: argocd-secret
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "argo-cd.labels" (dict "root" $ "name" "argocd-secret" "component" "server") | nindent 4 }}
type: Opaque
{{- with .Values.configs.secret.githubSecret }}
data:
  webhook.github.secret: {{ b64enc . }}
{{- end }}
{{- if and .Values.global.networkPolicy.create .Values.global.networkPolicy.defaultDenyIngress }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: argocd-default-deny
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "argo-cd.labels" (dict "root" $ "name" "" "component" "") | nindent 4 }}
spec:
  podSelector: {}
  policyTypes:
    - Ingress
{{- end }}
