#!/usr/bin/env bash
# From nothing to `npm run test:kubernetes` on a cluster of kind, which is removed afterwards. Needs docker, kind and
# kubectl. With another cluster: the lines after `load` with its KUBECONFIG, and the image where its nodes can pull it.
set -euo pipefail
cd "$(dirname "$0")/../../.."
image=${IMAGE:-registry.example.com/ksweep:$(node -p 'require("./package.json").version')}
KUBECONFIG=$(mktemp)
export KUBECONFIG
trap 'kind delete cluster --name ksweep; rm -f "$KUBECONFIG"' EXIT

docker build -f infra/kubernetes/Dockerfile -t "$image" .
kind create cluster --config infra/kubernetes/kind/cluster.yaml --wait 3m
kind load docker-image "$image" --name ksweep

kubectl create namespace ksweep
kubectl apply --namespace ksweep -f infra/kubernetes/base/rights.yaml -f infra/kubernetes/kind/kafka.yaml
kubectl apply -f infra/kubernetes/zones.yaml
kubectl wait --namespace ksweep --for=condition=Ready pod/kafka --timeout=3m
npm run test:kubernetes
