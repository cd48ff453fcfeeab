// Package wirejson writes and reads messages of the wire as JSON, the same for every
// program that does so. Start with [Marshal] and [Unmarshal].
//
// It is the JSON form of protobuf with these choices:
//
//   - Names are those of the proto files (snake_case). No others are read.
//   - An enum value is its name without the prefix of its type: "DENSE", not
//     "ARM_DENSE". It is written in upper case and read in any case.
//   - Every field without presence is written, zeros and empty lists too. A field that
//     can be unset is left out if it is: a score that was not computed, a document.
//   - All integers are numbers.
//   - A time is a string of RFC 3339, a duration a string of seconds ("1.5s").
//   - A google.protobuf.Value is the plain value.
//
// Reading refuses what it does not know. Errors are corpus.InvalidError, and name the
// field by its path ("filter.all.filters[0].in.field").
package wirejson

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Marshal returns the message as one line of JSON. Fields are in the order of the
// proto file and keys of maps are sorted, so equal messages give equal bytes. It fails
// only for a message that protobuf cannot represent either, such as an invalid time.
//
// There is room for a line end behind it.
func Marshal(m proto.Message) ([]byte, error) {
	e, used := encoders.Get().(*encoder)
	if !used {
		e = &encoder{}
	}
	e.out.Reset()
	err := e.message(m.ProtoReflect())
	var line []byte
	if err == nil {
		line = append(make([]byte, 0, e.out.Len()+1), e.out.Bytes()...)
	}
	if e.out.Cap() <= mostKept {
		encoders.Put(e)
	}
	return line, err
}

type encoder struct{ out bytes.Buffer }

// encoders have memory that is used again, unless a message needed more than mostKept bytes.
var encoders sync.Pool

const mostKept = 256 << 10

func (e *encoder) message(m protoreflect.Message) error {
	if wellKnown(m.Descriptor()) {
		return e.wellKnown(m)
	}
	e.out.WriteByte('{')
	first := true
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		if f.HasPresence() && !m.Has(f) {
			continue
		}
		if !first {
			e.out.WriteByte(',')
		}
		first = false
		e.out.WriteByte('"')
		e.out.WriteString(string(f.Name()))
		e.out.WriteString(`":`)
		if err := e.field(f, m.Get(f)); err != nil {
			return err
		}
	}
	e.out.WriteByte('}')
	return nil
}

func (e *encoder) field(f protoreflect.FieldDescriptor, v protoreflect.Value) error {
	switch {
	case f.IsMap():
		return e.mapping(f, v.Map())
	case f.IsList():
		e.out.WriteByte('[')
		for i := range v.List().Len() {
			if i > 0 {
				e.out.WriteByte(',')
			}
			if err := e.single(f, v.List().Get(i)); err != nil {
				return err
			}
		}
		e.out.WriteByte(']')
		return nil
	}
	return e.single(f, v)
}

func (e *encoder) mapping(f protoreflect.FieldDescriptor, m protoreflect.Map) error {
	keys := make([]string, 0, m.Len())
	values := make(map[string]protoreflect.Value, m.Len())
	m.Range(func(k protoreflect.MapKey, v protoreflect.Value) bool {
		keys = append(keys, k.String())
		values[k.String()] = v
		return true
	})
	slices.Sort(keys)
	e.out.WriteByte('{')
	for i, key := range keys {
		if i > 0 {
			e.out.WriteByte(',')
		}
		e.string(key)
		e.out.WriteByte(':')
		if err := e.single(f.MapValue(), values[key]); err != nil {
			return err
		}
	}
	e.out.WriteByte('}')
	return nil
}

func (e *encoder) single(f protoreflect.FieldDescriptor, v protoreflect.Value) error {
	switch f.Kind() {
	case protoreflect.MessageKind, protoreflect.GroupKind:
		return e.message(v.Message())
	case protoreflect.EnumKind:
		e.enum(f.Enum(), v.Enum())
	case protoreflect.StringKind:
		e.string(v.String())
	case protoreflect.BytesKind:
		e.out.WriteString(`"` + base64.StdEncoding.EncodeToString(v.Bytes()) + `"`)
	case protoreflect.BoolKind:
		e.out.WriteString(strconv.FormatBool(v.Bool()))
	case protoreflect.FloatKind:
		return e.float(f, v.Float(), 32)
	case protoreflect.DoubleKind:
		return e.float(f, v.Float(), 64)
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind, protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		e.out.Grow(mostDigits)
		e.out.Write(strconv.AppendUint(e.out.AvailableBuffer(), v.Uint(), 10))
	default: // integers with a sign
		e.out.Grow(mostDigits)
		e.out.Write(strconv.AppendInt(e.out.AvailableBuffer(), v.Int(), 10))
	}
	return nil
}

func (e *encoder) enum(d protoreflect.EnumDescriptor, n protoreflect.EnumNumber) {
	v := d.Values().ByNumber(n)
	if v == nil { // of a newer version
		e.out.WriteString(strconv.Itoa(int(n)))
		return
	}
	e.out.WriteString(`"` + enumName(v) + `"`)
}

// enumName is the name of a value without the prefix of its type.
func enumName(v protoreflect.EnumValueDescriptor) string {
	name := string(v.Name())
	if enum, is := v.Parent().(protoreflect.EnumDescriptor); is {
		name = strings.TrimPrefix(name, enumPrefix(enum))
	}
	return name
}

// enumPrefix is the name of an enum in upper case with a line between its words:
// ErrorReason has ERROR_REASON_.
func enumPrefix(d protoreflect.EnumDescriptor) string {
	var b strings.Builder
	for i, r := range string(d.Name()) {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String() + "_"
}

// wellKnown reports whether protobuf's own JSON form is the message's: times,
// durations, plain values.
func wellKnown(d protoreflect.MessageDescriptor) bool {
	return d.FullName().Parent() == "google.protobuf" && d.FullName() != "google.protobuf.Empty"
}

func (e *encoder) wellKnown(m protoreflect.Message) error {
	written, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(m.Interface())
	if err != nil {
		return err
	}
	return json.Compact(&e.out, written) // protojson puts spaces where it likes
}
