package wirejson

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"dalil/corpus"
)

// named is the field of an error.
func named(path string) string {
	if path == "" {
		return "request"
	}
	return path
}

func below(path, name string) string {
	if name == "" {
		name = `""`
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

func tooDeep() error {
	return corpus.Invalid("request", fmt.Sprintf("is nested deeper than %d levels", maxDepth))
}

func kindOf(token json.Token) string {
	switch token := token.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case string:
		return "a string"
	case json.Delim:
		if token == '[' {
			return "a list"
		}
		return "an object"
	}
	return "a number"
}

func unknownField(d protoreflect.MessageDescriptor, name string) string {
	var names []string
	for i := range d.Fields().Len() {
		names = append(names, string(d.Fields().Get(i).Name()))
	}
	if near := corpus.NearestName(name, names); near != "" {
		return "is unknown; did you mean " + near + "?"
	}
	slices.Sort(names)
	return "is unknown; the fields are " + strings.Join(names, ", ")
}
