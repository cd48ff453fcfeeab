package mcp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

// arguments reads a call's arguments into in, a pointer to a struct. It refuses unknown names, wrong types, missing
// arguments and numbers out of bounds.
func arguments(data json.RawMessage, schema *jsonschema.Schema, numbers map[string]bounds, in any) error {
	if len(bytes.TrimSpace(data)) == 0 || string(bytes.TrimSpace(data)) == "null" {
		data = json.RawMessage("{}")
	}
	var given map[string]json.RawMessage
	if err := json.Unmarshal(data, &given); err != nil {
		return errors.New("arguments: must be a JSON object")
	}
	names := slices.Sorted(maps.Keys(schema.Properties))
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if _, known := schema.Properties[name]; !known {
			return fmt.Errorf("%s: is not an argument of this tool; its arguments are %s", name, strings.Join(names, ", "))
		}
	}
	for _, name := range schema.Required {
		if _, ok := given[name]; !ok {
			return fmt.Errorf("%s: is missing", name)
		}
	}
	if err := json.Unmarshal(data, in); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			root, _, _ := strings.Cut(wrong.Field, ".")
			if property := schema.Properties[root]; property != nil && root == wrong.Field {
				return fmt.Errorf("%s: must be of type %s, is %s", wrong.Field, property.Type, wrong.Value)
			}
			return fmt.Errorf("%s: has the wrong type %s", wrong.Field, wrong.Value)
		}
		return fmt.Errorf("arguments: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(numbers)) {
		var value float64
		b := numbers[name]
		if raw, ok := given[name]; !ok || string(raw) == "null" || json.Unmarshal(raw, &value) != nil {
			continue
		}
		if value < b.least || value > b.most {
			return fmt.Errorf("%s: must be %v to %v, is %v", name, int64(b.least), int64(b.most), value)
		}
	}
	return nil
}
