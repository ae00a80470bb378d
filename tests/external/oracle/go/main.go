// Reads YAML texts the way Kubernetes reads them: a JSON list of texts on standard input, a JSON
// list of what each one means on standard output.
//
// The argument names the reader: "kubectl" (sigs.k8s.io/yaml, as in kubectl and the API server) or
// "kustomize" (yaml.v3, as in kustomize and kpt; it keeps the order of keys).
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"regexp"

	yaml3 "gopkg.in/yaml.v3"
	"sigs.k8s.io/yaml"
)

// What a text means, or why it means nothing.
type meaning struct {
	Value json.RawMessage `json:"value,omitempty"`
	Error string          `json:"error,omitempty"`
}

func main() {
	readers := map[string]func(string) ([]byte, error){"kubectl": kubectl, "kustomize": kustomize}
	read := readers[os.Args[1]]
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		panic(err)
	}
	meanings := make([]meaning, len(texts))
	for i, text := range texts {
		value, err := read(text)
		if err != nil {
			meanings[i].Error = err.Error()
		} else {
			meanings[i].Value = value
		}
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(meanings); err != nil {
		panic(err)
	}
}

func kubectl(text string) ([]byte, error) {
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	return json.Marshal(exact(value))
}

// Numbers as their digits: whoever reads the answer must not round them.
func exact(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			value[key] = exact(inner)
		}
	case []any:
		for i, inner := range value {
			value[i] = exact(inner)
		}
	case json.Number:
		if len(value) > 15 || bytes.ContainsAny([]byte(value), ".eE") {
			return "\x01number " + string(value)
		}
	}
	return value
}

func kustomize(text string) (data []byte, err error) {
	var document yaml3.Node
	if err := yaml3.Unmarshal([]byte(text), &document); err != nil {
		return nil, err
	}
	if len(document.Content) == 0 {
		return []byte("null"), nil
	}
	var out bytes.Buffer
	if err := write(&out, document.Content[0], 0); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func write(out *bytes.Buffer, node *yaml3.Node, depth int) error {
	if depth > 1000 {
		return fmt.Errorf("nested too deeply")
	}
	switch node.Kind {
	case yaml3.AliasNode:
		return write(out, node.Alias, depth+1)
	case yaml3.MappingNode:
		entries, err := merged(node, depth)
		if err != nil {
			return err
		}
		out.WriteByte('{')
		for i, entry := range entries {
			if i > 0 {
				out.WriteByte(',')
			}
			key := fmt.Sprint(scalar(entry[0]))
			text, _ := json.Marshal(key)
			out.Write(text)
			out.WriteByte(':')
			if err := write(out, entry[1], depth+1); err != nil {
				return err
			}
		}
		out.WriteByte('}')
	case yaml3.SequenceNode:
		out.WriteByte('[')
		for i, item := range node.Content {
			if i > 0 {
				out.WriteByte(',')
			}
			if err := write(out, item, depth+1); err != nil {
				return err
			}
		}
		out.WriteByte(']')
	default:
		text, err := json.Marshal(scalar(node))
		if err != nil {
			return err
		}
		out.Write(text)
	}
	return nil
}

// The entries of a mapping, with what its merge keys bring behind its own.
func merged(node *yaml3.Node, depth int) ([][2]*yaml3.Node, error) {
	var entries, sources [][2]*yaml3.Node
	known := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		entry := [2]*yaml3.Node{node.Content[i], node.Content[i+1]}
		if entry[0].ShortTag() == "!!merge" {
			sources = append(sources, entry)
			continue
		}
		known[entry[0].Value] = true
		entries = append(entries, entry)
	}
	if depth > 100 {
		return nil, fmt.Errorf("merged too deeply")
	}
	for _, source := range sources {
		from := source[1]
		if from.Kind == yaml3.AliasNode {
			from = from.Alias
		}
		inner, err := merged(from, depth+1)
		if err != nil {
			return nil, err
		}
		for _, entry := range inner {
			if !known[entry[0].Value] {
				known[entry[0].Value] = true
				entries = append(entries, entry)
			}
		}
	}
	return entries, nil
}

var decimal = regexp.MustCompile(`^(0|-?[1-9][0-9]{0,14})$`)

// Text, null, booleans and small numbers as JSON has them, anything else as its tag and its spelling.
func scalar(node *yaml3.Node) any {
	switch node.ShortTag() {
	case "!!str":
		return node.Value
	case "!!null":
		return nil
	case "!!bool":
		var value bool
		if node.Decode(&value) == nil {
			return value
		}
	case "!!int":
		if number := json.Number(node.Value); decimal.MatchString(node.Value) {
			return number
		}
	case "!!binary":
		var value []byte
		if node.Decode(&value) == nil {
			return "\x01!!binary " + fmt.Sprint(value)
		}
	}
	if node.Kind != yaml3.ScalarNode {
		return "\x01" + node.ShortTag()
	}
	return "\x01" + node.ShortTag() + " " + node.Value
}
