// Package value translates metadata values between the wire, where they are
// google.protobuf.Value, and package corpus, and reads the filters of the wire. Start
// with [To], [From] and [Filter].
package value

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"

	"dalil/corpus"
)

// To returns the value on the wire. Bytes that are not UTF-8 become U+FFFD, because
// protobuf cannot carry them.
func To(v corpus.Value) *structpb.Value {
	switch v.Kind() {
	case corpus.NumberKind:
		return structpb.NewNumberValue(v.Float())
	case corpus.BooleanKind:
		return structpb.NewBoolValue(v.Bool())
	case corpus.ListKind:
		list := &structpb.ListValue{Values: make([]*structpb.Value, len(v.Items()))}
		for i, item := range v.Items() {
			list.Values[i] = structpb.NewStringValue(valid(item))
		}
		return structpb.NewListValue(list)
	}
	return structpb.NewStringValue(valid(v.Text()))
}

// ToMap is To for metadata; nil for none.
func ToMap(metadata map[string]corpus.Value) map[string]*structpb.Value {
	if len(metadata) == 0 {
		return nil
	}
	wire := make(map[string]*structpb.Value, len(metadata))
	for k, v := range metadata {
		wire[valid(k)] = To(v)
	}
	return wire
}

// From reads a value of the wire. The problem is "" or says what is wrong, to follow
// a field's name.
func From(wire *structpb.Value) (v corpus.Value, problem string) {
	switch kind := wire.GetKind().(type) {
	case *structpb.Value_StringValue:
		return corpus.String(kind.StringValue), ""
	case *structpb.Value_NumberValue:
		if !corpus.Finite(kind.NumberValue) {
			return v, "must be a finite number"
		}
		return corpus.Number(kind.NumberValue), ""
	case *structpb.Value_BoolValue:
		return corpus.Boolean(kind.BoolValue), ""
	case *structpb.Value_ListValue:
		items := make([]string, len(kind.ListValue.GetValues()))
		for i, item := range kind.ListValue.GetValues() {
			s, is := item.GetKind().(*structpb.Value_StringValue)
			if !is {
				return v, fmt.Sprintf("must be a list of strings; item %d is %s", i, kindOf(item))
			}
			items[i] = s.StringValue
		}
		return corpus.List(items...), ""
	}
	return v, "must be a string, a number, a boolean or a list of strings, is " + kindOf(wire)
}

// FromMap reads metadata whose values [From] accepts; others are left out.
func FromMap(wire map[string]*structpb.Value) map[string]corpus.Value {
	if len(wire) == 0 {
		return nil
	}
	metadata := make(map[string]corpus.Value, len(wire))
	for k, w := range wire {
		if v, problem := From(w); problem == "" {
			metadata[k] = v
		}
	}
	return metadata
}

func kindOf(wire *structpb.Value) string {
	switch wire.GetKind().(type) {
	case *structpb.Value_StringValue:
		return "a string"
	case *structpb.Value_NumberValue:
		return "a number"
	case *structpb.Value_BoolValue:
		return "a boolean"
	case *structpb.Value_ListValue:
		return "a list"
	case *structpb.Value_StructValue:
		return "an object"
	case *structpb.Value_NullValue:
		return "null"
	}
	return "not set"
}

func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
