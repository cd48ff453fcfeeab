package wirejson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dalil/corpus"
)

// maxDepth bounds how deep objects and lists may be nested.
const maxDepth = 2000

// Unmarshal reads one JSON object into the message, which it clears first. The error
// is a corpus.InvalidError that names the field; "request" if none is at fault.
func Unmarshal(data []byte, m proto.Message) error {
	proto.Reset(m)
	if !utf8.Valid(data) {
		return corpus.Invalid("request", "is not UTF-8")
	}
	d := &decoder{json: json.NewDecoder(bytes.NewReader(data))}
	d.json.UseNumber()
	if err := d.message(m.ProtoReflect(), ""); err != nil {
		return err
	}
	if _, err := d.json.Token(); !errors.Is(err, io.EOF) {
		return corpus.Invalid("request", "has more text after the object")
	}
	return nil
}

type decoder struct {
	json  *json.Decoder
	depth int
}

func (d *decoder) token() (json.Token, error) {
	token, err := d.json.Token()
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return token, nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, corpus.Invalid("request", "is not valid JSON: it ends before the object does")
	case errors.As(err, &syntax):
		return nil, corpus.Invalid("request", fmt.Sprintf("is not valid JSON: there is a mistake near byte %d", syntax.Offset))
	}
	return nil, corpus.Invalid("request", "is not valid JSON")
}

// message reads an object.
func (d *decoder) message(m protoreflect.Message, path string) error {
	token, err := d.token()
	if err != nil {
		return err
	}
	return d.object(m, path, token)
}

// object reads an object whose first token has been read.
func (d *decoder) object(m protoreflect.Message, path string, token json.Token) error {
	return d.members(token, path, func(name string) error {
		f := m.Descriptor().Fields().ByName(protoreflect.Name(name))
		if f == nil {
			return corpus.Invalid(below(path, fmt.Sprintf("%.80s", name)), unknownField(m.Descriptor(), name))
		}
		path := below(path, name)
		if held := heldOneof(m, f); held != "" {
			return corpus.Invalid(path, fmt.Sprintf("must not be set beside %s", held))
		}
		return d.field(m, f, path)
	})
}

// heldOneof names another field of f's oneof that is set.
func heldOneof(m protoreflect.Message, f protoreflect.FieldDescriptor) string {
	one := f.ContainingOneof()
	if one == nil || one.IsSynthetic() {
		return ""
	}
	if held := m.WhichOneof(one); held != nil && held != f {
		return string(held.Name())
	}
	return ""
}

// members reads an object and calls do for each name; do reads the value.
func (d *decoder) members(token json.Token, path string, do func(name string) error) error {
	if token != json.Delim('{') {
		return corpus.Invalid(named(path), "must be an object, is "+kindOf(token))
	}
	if d.depth++; d.depth > maxDepth {
		return tooDeep()
	}
	seen := map[string]bool{}
	for d.json.More() {
		token, err := d.token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		if seen[name] {
			return corpus.Invalid(below(path, name), "is written twice")
		}
		seen[name] = true
		if err := do(name); err != nil {
			return err
		}
	}
	d.depth--
	_, err := d.token()
	return err
}

func (d *decoder) field(m protoreflect.Message, f protoreflect.FieldDescriptor, path string) error {
	token, err := d.token()
	if err != nil || token == nil { // null is unset
		return err
	}
	switch {
	case f.IsMap():
		return d.mapping(m.Mutable(f).Map(), f, path, token)
	case f.IsList():
		return d.list(m.Mutable(f).List(), f, path, token)
	}
	v, err := d.single(f, path, token, func() protoreflect.Value { return m.NewField(f) })
	if err != nil {
		return err
	}
	m.Set(f, v)
	return nil
}

func (d *decoder) list(list protoreflect.List, f protoreflect.FieldDescriptor, path string, token json.Token) error {
	if token != json.Delim('[') {
		return corpus.Invalid(path, "must be a list, is "+kindOf(token))
	}
	if d.depth++; d.depth > maxDepth {
		return tooDeep()
	}
	for d.json.More() {
		path := fmt.Sprintf("%s[%d]", path, list.Len())
		token, err := d.token()
		if err != nil {
			return err
		}
		v, err := d.single(f, path, token, list.NewElement)
		if err != nil {
			return err
		}
		list.Append(v)
	}
	d.depth--
	_, err := d.token()
	return err
}

// mapping reads an object whose keys are the caller's. A key whose value is null is
// left out.
func (d *decoder) mapping(m protoreflect.Map, f protoreflect.FieldDescriptor, path string, token json.Token) error {
	return d.members(token, path, func(name string) error {
		path := below(path, fmt.Sprintf("%.80s", name))
		if f.MapKey().Kind() != protoreflect.StringKind {
			return corpus.Invalid(path, "has a key that is no string")
		}
		token, err := d.token()
		if err != nil || token == nil {
			return err
		}
		v, err := d.single(f.MapValue(), path, token, m.NewValue)
		if err != nil {
			return err
		}
		m.Set(protoreflect.ValueOfString(name).MapKey(), v)
		return nil
	})
}

// single reads one value whose first token has been read.
func (d *decoder) single(f protoreflect.FieldDescriptor, path string, token json.Token, empty func() protoreflect.Value) (protoreflect.Value, error) {
	var none protoreflect.Value
	if f.Message() != nil {
		v := empty()
		if wellKnown(f.Message()) {
			return v, d.wellKnown(v.Message(), path, token)
		}
		return v, d.object(v.Message(), path, token)
	}
	v, problem := scalar(f, token)
	if problem != "" {
		return none, corpus.Invalid(path, problem)
	}
	return v, nil
}
