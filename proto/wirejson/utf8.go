package wirejson

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// NotUTF8 returns the path of the first string of a message that is not valid UTF-8, such as "filter.in.values[1]", or
// "". gRPC cannot send a message with such a string. A key of a map is named by its map.
func NotUTF8(m proto.Message) string { return notUTF8(m.ProtoReflect(), "") }

func notUTF8(m protoreflect.Message, path string) (found string) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		if !m.Has(f) {
			continue
		}
		at, v := below(path, string(f.Name())), m.Get(f)
		switch {
		case f.IsMap():
			found = inMap(v.Map(), f, at)
		case f.IsList():
			for j := 0; j < v.List().Len() && found == ""; j++ {
				found = inValue(f, v.List().Get(j), fmt.Sprintf("%s[%d]", at, j))
			}
		default:
			found = inValue(f, v, at)
		}
		if found != "" {
			return found
		}
	}
	return ""
}

func inMap(m protoreflect.Map, f protoreflect.FieldDescriptor, path string) string {
	var found []string
	for key, v := range m.Range {
		if !utf8.ValidString(key.String()) {
			return path
		}
		if in := inValue(f.MapValue(), v, below(path, key.String())); in != "" {
			found = append(found, in)
		}
	}
	if len(found) == 0 {
		return ""
	}
	return slices.Min(found) // a map has no order
}

func inValue(f protoreflect.FieldDescriptor, v protoreflect.Value, path string) string {
	switch {
	case f.Kind() == protoreflect.StringKind && !utf8.ValidString(v.String()):
		return path
	case f.Message() != nil && wellKnown(f.Message()):
		if notUTF8(v.Message(), "") != "" { // its own fields are not in JSON
			return path
		}
		return ""
	case f.Message() != nil:
		return notUTF8(v.Message(), path)
	}
	return ""
}
