package value_test

import (
	"math"
	"testing"

	"google.golang.org/protobuf/types/known/structpb"

	"dalil/corpus"
	"dalil/proto/value"
)

func TestValuesCrossTheWire(t *testing.T) {
	want := map[string]corpus.Value{
		"": corpus.String(""), "نص": corpus.String("قيمة"), "n": corpus.Number(1 << 53), "small": corpus.Number(-2.5e-7), "yes": corpus.Boolean(true), "no": corpus.Boolean(false),
		"list": corpus.List("b", "a", ""), "none": corpus.List(), "untyped": corpus.Untyped("5"),
	}
	got := value.FromMap(value.ToMap(want))
	for key, v := range want {
		if !got[key].Equal(v) || got[key].Kind() != v.Kind() {
			t.Errorf("%q: %v, want %v", key, got[key], v)
		}
	}
	if len(got) != len(want) || value.ToMap(nil) != nil || value.FromMap(nil) != nil {
		t.Errorf("%d of %d values", len(got), len(want))
	}
	if got := value.To(corpus.List("a\xff")).GetListValue().GetValues()[0].GetStringValue(); got != "a\uFFFD" {
		t.Errorf("bytes that are not UTF-8 become %q", got)
	}
}

func TestValuesThatAreRefused(t *testing.T) {
	list := func(items ...*structpb.Value) *structpb.Value {
		return structpb.NewListValue(&structpb.ListValue{Values: items})
	}
	for want, wire := range map[string]*structpb.Value{
		"must be a string, a number, a boolean or a list of strings, is null":      structpb.NewNullValue(),
		"must be a string, a number, a boolean or a list of strings, is an object": structpb.NewStructValue(&structpb.Struct{}),
		"must be a string, a number, a boolean or a list of strings, is not set":   {},
		"must be a finite number":                        structpb.NewNumberValue(math.NaN()),
		"must be a list of strings; item 1 is a number":  list(structpb.NewStringValue("a"), structpb.NewNumberValue(1)),
		"must be a list of strings; item 0 is a list":    list(list()),
		"must be a list of strings; item 0 is null":      list(structpb.NewNullValue()),
		"must be a list of strings; item 2 is a boolean": list(structpb.NewStringValue(""), structpb.NewStringValue(""), structpb.NewBoolValue(true)),
	} {
		if _, problem := value.From(wire); problem != want {
			t.Errorf("%v: %q, want %q", wire, problem, want)
		}
	}
}
