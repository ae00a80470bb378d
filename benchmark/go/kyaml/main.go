// The strategy spread as a function on kyaml's framework, as functions in Go are commonly written.
//
// It sets the fields that spot-distribution sets with spread for all: affinity,
// topologySpreadConstraints, annotations, one result for each workload. What spot-distribution does
// beyond that (findings, ownership, refusals) is left out, in favour of this program.
package main

import (
	"fmt"
	"os"
	"strconv"

	"sigs.k8s.io/kustomize/kyaml/fn/framework"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

const (
	capacityKey = "node.kubernetes.io/capacity"
	applied     = "spot-distribution.dev/applied"
	computedFor = "spot-distribution.dev/computed-for-replicas"
)

// Key of a workload, as an autoscaler refers to it.
type key struct{ namespace, kind, name string }

func main() {
	if err := framework.Execute(framework.ResourceListProcessorFunc(process), nil); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func process(list *framework.ResourceList) error {
	minimum, err := autoscalers(list.Items)
	if err != nil {
		return err
	}
	for _, item := range list.Items {
		kind := item.GetKind()
		if item.GetApiVersion() != "apps/v1" || (kind != "Deployment" && kind != "StatefulSet") {
			continue
		}
		replicas, err := number(item, "spec", "replicas")
		if err != nil {
			return err
		}
		least, scaled := minimum[key{item.GetNamespace(), kind, item.GetName()}]
		if scaled {
			replicas = least
		}
		message, err := place(item, kind, replicas, scaled)
		if err != nil {
			return err
		}
		list.Results = append(list.Results, result(item, message))
	}
	return nil
}

// The minimum of each autoscaler, by its target.
func autoscalers(items []*yaml.RNode) (map[key]int, error) {
	minimum := map[key]int{}
	for _, item := range items {
		if item.GetKind() != "HorizontalPodAutoscaler" {
			continue
		}
		target, err := item.Pipe(yaml.Lookup("spec", "scaleTargetRef"))
		if err != nil || target == nil {
			return nil, fmt.Errorf("no target: %v", err)
		}
		kind, err := target.GetString("kind")
		if err != nil {
			return nil, err
		}
		name, err := target.GetString("name")
		if err != nil {
			return nil, err
		}
		least, err := number(item, "spec", "minReplicas")
		if err != nil {
			return nil, err
		}
		minimum[key{item.GetNamespace(), kind, name}] = least
	}
	return minimum, nil
}

func number(item *yaml.RNode, path ...string) (int, error) {
	node, err := item.Pipe(yaml.Lookup(path...))
	if err != nil || node == nil {
		return 1, err
	}
	return strconv.Atoi(node.YNode().Value)
}

func place(item *yaml.RNode, kind string, replicas int, scaled bool) (string, error) {
	if replicas == 1 && !scaled {
		return pin(item)
	}
	floor, revision := 1+(replicas-1)*20/100, "pod-template-hash"
	if kind == "StatefulSet" {
		floor, revision = replicas/2+1, "controller-revision-hash"
	}
	if floor >= replicas {
		return pinned(item, "spread", replicas, replicas)
	}
	prefer, skew := "spot", replicas-2*floor
	if floor > replicas/2 {
		prefer, skew = "on-demand", 2*floor-replicas
	}
	return spread(item, prefer, max(skew, 1), revision, replicas, floor)
}

func pin(item *yaml.RNode) (string, error) {
	return pinned(item, "on-demand", 1, 1)
}

func pinned(item *yaml.RNode, strategy string, replicas, floor int) (string, error) {
	terms := `
- matchExpressions:
  - key: ` + capacityKey + `
    operator: In
    values:
    - on-demand
`
	path := []string{"spec", "template", "spec", "affinity", "nodeAffinity",
		"requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"}
	if err := appendTo(item, terms, path...); err != nil {
		return "", err
	}
	mark := fmt.Sprintf("strategy=%s replicas=%d floor=%d", strategy, replicas, floor)
	return strategy + ": every replica runs on on-demand nodes",
		item.PipeE(yaml.SetAnnotation(applied, mark))
}

func spread(item *yaml.RNode, prefer string, skew int, revision string, replicas, floor int) (string, error) {
	preference := `
- preference:
    matchExpressions:
    - key: ` + capacityKey + `
      operator: In
      values:
      - ` + prefer + `
  weight: 100
`
	path := []string{"spec", "template", "spec", "affinity", "nodeAffinity",
		"preferredDuringSchedulingIgnoredDuringExecution"}
	if err := appendTo(item, preference, path...); err != nil {
		return "", err
	}
	constraints := fmt.Sprintf(`
- matchLabelKeys:
  - %s
  maxSkew: %d
  nodeTaintsPolicy: Honor
  topologyKey: %s
  whenUnsatisfiable: DoNotSchedule
- maxSkew: 5
  topologyKey: topology.kubernetes.io/zone
  whenUnsatisfiable: ScheduleAnyway
- maxSkew: 3
  topologyKey: kubernetes.io/hostname
  whenUnsatisfiable: ScheduleAnyway
`, revision, skew, capacityKey)
	if err := constrain(item, constraints); err != nil {
		return "", err
	}
	number := strconv.Itoa(replicas)
	err := item.PipeE(yaml.LookupCreate(yaml.MappingNode, "spec", "template"),
		yaml.SetAnnotation(computedFor, number))
	if err != nil {
		return "", err
	}
	mark := fmt.Sprintf("strategy=spread replicas=%d floor=%d soft-spread=zone,hostname", replicas, floor)
	message := fmt.Sprintf("spread: %d of %d replicas stay on on-demand nodes once settled (maxSkew %d), the rest prefers %s",
		floor, replicas, skew, prefer)
	return message, item.PipeE(yaml.SetAnnotation(applied, mark))
}

// Appends the constraints, each with the selector of the workload.
func constrain(item *yaml.RNode, constraints string) error {
	parsed, err := yaml.Parse(constraints)
	if err != nil {
		return err
	}
	elements, err := parsed.Elements()
	if err != nil {
		return err
	}
	selector, err := item.Pipe(yaml.Lookup("spec", "selector"))
	if err != nil {
		return err
	}
	for _, element := range elements {
		if err := element.PipeE(yaml.SetField("labelSelector", selector.Copy())); err != nil {
			return err
		}
	}
	path := []string{"spec", "template", "spec", "topologySpreadConstraints"}
	return item.PipeE(yaml.LookupCreate(yaml.SequenceNode, path...), yaml.Append(parsed.Content()...))
}

func appendTo(item *yaml.RNode, text string, path ...string) error {
	parsed, err := yaml.Parse(text)
	if err != nil {
		return err
	}
	return item.PipeE(yaml.LookupCreate(yaml.SequenceNode, path...), yaml.Append(parsed.Content()...))
}

func result(item *yaml.RNode, message string) *framework.Result {
	return &framework.Result{
		Message:  message,
		Severity: framework.Info,
		ResourceRef: &yaml.ResourceIdentifier{
			TypeMeta: yaml.TypeMeta{APIVersion: item.GetApiVersion(), Kind: item.GetKind()},
			NameMeta: yaml.NameMeta{Name: item.GetName(), Namespace: item.GetNamespace()},
		},
		Tags: map[string]string{"code": "placed"},
	}
}
