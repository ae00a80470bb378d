// flux-objects reads manifests on standard input and fails where one is no object that Flux knows, or
// has a field that Flux does not know.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	kustomize "github.com/fluxcd/kustomize-controller/api/v1"
	source "github.com/fluxcd/source-controller/api/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	syaml "sigs.k8s.io/yaml"
)

var kinds = map[string]func() any{
	source.GroupVersion.String() + " " + source.GitRepositoryKind:       func() any { return &source.GitRepository{} },
	source.GroupVersion.String() + " " + source.OCIRepositoryKind:       func() any { return &source.OCIRepository{} },
	kustomize.GroupVersion.String() + " " + kustomize.KustomizationKind: func() any { return &kustomize.Kustomization{} },
}

func main() {
	if err := check(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func check(input io.Reader) error {
	documents := yaml.NewYAMLReader(bufio.NewReader(input))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var head struct{ APIVersion, Kind string }
		if err := syaml.Unmarshal(document, &head); err != nil {
			return err
		}
		object, known := kinds[head.APIVersion+" "+head.Kind]
		if !known {
			return fmt.Errorf("%s %s is no object of Flux", head.APIVersion, head.Kind)
		}
		into := object()
		if err := syaml.UnmarshalStrict(document, into); err != nil {
			return err
		}
		fmt.Printf("%s %s\n", head.Kind, name(into))
	}
}

func name(object any) string {
	return object.(interface{ GetName() string }).GetName()
}
