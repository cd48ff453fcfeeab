package wirejson

import (
	"encoding/json"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dalil/corpus"
)

// Set reads texts into one field of a message, as the query of an address has them:
// "page_size" and "5". A path names a field of a nested message ("fusion.k"). A list
// has one text for each item, every other field has one text. Maps and lists of
// messages cannot be set. Errors are corpus.InvalidError and name the field.
func Set(m proto.Message, path string, texts []string) error {
	at := m.ProtoReflect()
	here := ""
	names := strings.Split(path, ".")
	for i, name := range names {
		f := at.Descriptor().Fields().ByName(protoreflect.Name(name))
		if f == nil {
			return corpus.Invalid(below(here, fmt.Sprintf("%.80s", name)), unknownField(at.Descriptor(), name))
		}
		here = below(here, name)
		if held := heldOneof(at, f); held != "" {
			return corpus.Invalid(here, fmt.Sprintf("must not be set beside %s", held))
		}
		if i == len(names)-1 {
			return setTexts(at, f, here, texts)
		}
		if f.Message() == nil || f.IsList() || f.IsMap() || wellKnown(f.Message()) {
			return corpus.Invalid(here, "has no fields that can be named after a dot")
		}
		at = at.Mutable(f).Message()
	}
	return nil
}

func setTexts(m protoreflect.Message, f protoreflect.FieldDescriptor, path string, texts []string) error {
	switch {
	case f.IsMap() || f.Message() != nil && !wellKnown(f.Message()):
		return corpus.Invalid(path, "cannot be written as text; send the request as JSON")
	case f.IsList():
		list := m.Mutable(f).List()
		for _, text := range texts {
			v, err := ofText(f, fmt.Sprintf("%s[%d]", path, list.Len()), text, list.NewElement)
			if err != nil {
				return err
			}
			list.Append(v)
		}
		return nil
	case len(texts) != 1:
		return corpus.Invalid(path, "is written twice")
	}
	v, err := ofText(f, path, texts[0], func() protoreflect.Value { return m.NewField(f) })
	if err == nil {
		m.Set(f, v)
	}
	return err
}

// ofText reads one value.
func ofText(f protoreflect.FieldDescriptor, path, text string, empty func() protoreflect.Value) (protoreflect.Value, error) {
	if f.Message() != nil && f.Message().FullName() == "google.protobuf.FieldMask" {
		v := empty()
		paths := v.Message().Descriptor().Fields().ByName("paths")
		for name := range strings.SplitSeq(text, ",") {
			v.Message().Mutable(paths).List().Append(protoreflect.ValueOfString(name))
		}
		return v, nil
	}
	return (&decoder{}).single(f, path, tokenOf(f.Kind(), text), empty)
}

// tokenOf is the token of JSON that a text stands for.
func tokenOf(kind protoreflect.Kind, text string) json.Token {
	switch kind {
	case protoreflect.StringKind, protoreflect.BytesKind, protoreflect.MessageKind:
		return text
	case protoreflect.BoolKind:
		if text == "true" || text == "false" {
			return text == "true"
		}
		return text
	}
	var number json.Number
	if json.Unmarshal([]byte(text), &number) == nil && text != "null" && text[0] != '"' {
		return number
	}
	return text
}
