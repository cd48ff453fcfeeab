package wirejson_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/proto/wirejson"
)

func ptr[T any](x T) *T { return &x }

func text(s string) *structpb.Value { return structpb.NewStringValue(s) }

func TestTheFormOfMessages(t *testing.T) {
	for name, test := range map[string]struct {
		message proto.Message
		want    string
	}{
		"scores that were not computed are absent": {
			&dalilv1.Scores{Dense: ptr(float32(0.1)), Fused: ptr(float32(0)), DenseRank: ptr(int32(1))}, `{"dense":0.1,"fused":0,"dense_rank":1}`,
		},
		"zeros of fields that are always set":   {&dalilv1.Span{End: 7}, `{"start":0,"end":7}`},
		"a time, an enum, and what is not set":  {&dalilv1.StageTiming{Stage: dalilv1.Stage_STAGE_EMBED, Duration: durationpb.New(1500 * time.Millisecond)}, `{"stage":"EMBED","duration":"1.500s"}`},
		"an enum of a newer version":            {&dalilv1.StageTiming{Stage: 99}, `{"stage":99}`},
		"an enum of two words":                  {&dalilv1.Failure{Reason: dalilv1.ErrorReason_ERROR_REASON_MODEL_MISMATCH, Message: "<&>\u2028"}, `{"reason":"MODEL_MISMATCH","message":"<&>\u2028","retryable":false,"violations":[],"outcome_unknown":false}`},
		"integers of 64 bits are numbers":       {&dalilv1.IngestDocumentsResponse{Sequence: 1<<53 + 1}, `{"sequence":9007199254740993}`},
		"maps are in the order of their keys":   {&dalilv1.GetStatsResponse{Languages: map[string]int32{"en": 2, "ar": 1, "": 3}}, `{"documents":0,"passages":0,"terms":0,"languages":{"":3,"ar":1,"en":2}}`},
		"values of a filter are plain":          {&dalilv1.MetadataFilter{Key: "k", Values: []*structpb.Value{text("5"), structpb.NewNumberValue(5), structpb.NewBoolValue(true)}, From: timestamppb.New(time.Date(2024, 5, 1, 0, 0, 0, 1000, time.UTC))}, `{"key":"k","values":["5",5,true],"from":"2024-05-01T00:00:00.000001Z"}`},
		"lists, names and words of the request": {&dalilv1.SearchRequest{Query: "جسر", Arms: []dalilv1.Arm{dalilv1.Arm_ARM_LEXICAL}}, `{"query":"جسر","page_token":"","arms":["LEXICAL"]`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := wirejson.Marshal(test.message)
			want := strings.ReplaceAll(test.want, "\u2028", `\u2028`)
			if err != nil || string(got) != want && !(strings.HasPrefix(string(got), want) && strings.HasSuffix(want, "]")) {
				t.Errorf("got  %s\nwant %s\nerror %v", got, want, err)
			}
		})
	}
	if _, err := wirejson.Marshal(&dalilv1.MetadataFilter{Min: ptr(math.NaN())}); err == nil {
		t.Error("NaN was written")
	}
}

func TestMetadataIsPlain(t *testing.T) {
	const plain = `{"document_id":"a","text":"t","title":"","url":"","source":"","language":"","author":"","tags":[],"metadata":` +
		`{"big":9007199254740992,"draft":false,"kind":"x","none":[],"tags":["a"],"year":2022},"root":"","replace_root":false,"groups":[]}`
	d := &dalilv1.DocumentInput{}
	if err := wirejson.Unmarshal([]byte(plain), d); err != nil {
		t.Fatal(err)
	}
	if d.GetMetadata()["year"].GetNumberValue() != 2022 || d.GetMetadata()["none"].GetListValue() == nil || d.GetMetadata()["kind"].GetStringValue() != "x" {
		t.Errorf("read %v", d.GetMetadata())
	}
	got, err := wirejson.Marshal(d)
	if err != nil || string(got) != plain {
		t.Errorf("got  %s\nwant %s\nerror %v", got, plain, err)
	}
	if err := wirejson.Unmarshal([]byte(`{"metadata":{"gone":null,"k":"v"}}`), d); err != nil || len(d.GetMetadata()) != 1 || d.GetDocumentId() != "" {
		t.Errorf("read %v, error %v, want k alone", d, err)
	}
}

func TestWhatIsRead(t *testing.T) {
	for line, want := range map[string]proto.Message{
		`{}`:                            &dalilv1.SearchRequest{},
		` {"query" : "q" } ` + "\n":     &dalilv1.SearchRequest{Query: "q"},
		`{"query":"q","filter":null}`:   &dalilv1.SearchRequest{Query: "q"},
		`{"arms":["dense","LEXICAL"]}`:  &dalilv1.SearchRequest{Arms: []dalilv1.Arm{dalilv1.Arm_ARM_DENSE, dalilv1.Arm_ARM_LEXICAL}},
		`{"arms":["Arm_Dense",2]}`:      &dalilv1.SearchRequest{Arms: []dalilv1.Arm{dalilv1.Arm_ARM_DENSE, dalilv1.Arm_ARM_LEXICAL}},
		`{"page_size":5.0}`:             &dalilv1.SearchRequest{PageSize: ptr(int32(5))},
		`{"page_size":1e1}`:             &dalilv1.SearchRequest{PageSize: ptr(int32(10))},
		`{"min_dense_similarity":-0.5}`: &dalilv1.SearchRequest{MinDenseSimilarity: ptr(float32(-0.5))},
		`{"filter":{"all":{"filters":[{"not":{"metadata":{"key":"k","values":["a",1,false]}}},{"published":{"from":"2024-05-01","until":"2024-05-01T12:30:00+02:00"}}]}}}`: &dalilv1.SearchRequest{Filter: &dalilv1.Filter{Clause: &dalilv1.Filter_All{All: &dalilv1.FilterList{Filters: []*dalilv1.Filter{
			{Clause: &dalilv1.Filter_Not{Not: &dalilv1.Filter{Clause: &dalilv1.Filter_Metadata{Metadata: &dalilv1.MetadataFilter{Key: "k", Values: []*structpb.Value{text("a"), structpb.NewNumberValue(1), structpb.NewBoolValue(false)}}}}}},
			{Clause: &dalilv1.Filter_Published{Published: &dalilv1.PublishedFilter{From: timestamppb.New(time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)), Until: timestamppb.New(time.Date(2024, 5, 1, 10, 30, 0, 0, time.UTC))}}},
		}}}}},
		`{"sequence":"9007199254740993"}`: &dalilv1.IngestDocumentsRequest{Sequence: 1<<53 + 1},
		`{"timeout":"1.5s"}`:              &dalilv1.WaitOperationRequest{Timeout: durationpb.New(1500 * time.Millisecond)},
		`{"data":"aGk=","media_type":""}`: &dalilv1.Body{Data: []byte("hi")},
	} {
		got := want.ProtoReflect().New().Interface()
		if err := wirejson.Unmarshal([]byte(line), got); err != nil || !proto.Equal(got, want) {
			t.Errorf("%s: read %v, error %v, want %v", line, got, err, want)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	deep := strings.Repeat(`{"not":`, 3000) + "{}" + strings.Repeat("}", 3000)
	for line, want := range map[string]string{
		``:                               "request: is not valid JSON: it ends before the object does",
		`{"query":"q"`:                   "request: is not valid JSON: it ends before the object does",
		`{"query":q}`:                    "request: is not valid JSON: there is a mistake near byte",
		`[]`:                             "request: must be an object, is a list",
		`{} {}`:                          "request: has more text after the object",
		"{\"query\":\"\xff\"}":           "request: is not UTF-8",
		`{"qeury":"q"}`:                  "qeury: is unknown; did you mean query?",
		`{"pageSize":1}`:                 "pageSize: is unknown; did you mean page_size?",
		`{"something_else":1}`:           "something_else: is unknown; the fields are arms, ",
		`{"query":"q","query":"r"}`:      "query: is written twice",
		`{"":1}`:                         `"": is unknown; the fields are`,
		`{"query":1}`:                    "query: must be a string, is a number",
		`{"page_size":"5"}`:              "page_size: must be a whole number, is a string",
		`{"page_size":5.5}`:              "page_size: must be a whole number from -2147483648 to 2147483647, is 5.5",
		`{"page_size":3000000000}`:       "page_size: must be a whole number from",
		`{"debug":"true"}`:               "debug: must be true or false, is a string",
		`{"arms":"DENSE"}`:               "arms: must be a list, is a string",
		`{"arms":["DENSE","LEXICLE"]}`:   `arms[1]: must be one of UNSPECIFIED, DENSE, LEXICAL, is "LEXICLE"; did you mean LEXICAL?`,
		`{"arms":[7]}`:                   "arms[0]: must be one of",
		`{"fusion":{"methd":"MIX"}}`:     "fusion.methd: is unknown; did you mean method?",
		`{"fusion":[]}`:                  "fusion: must be an object, is a list",
		`{"min_dense_similarity":1e999}`: "min_dense_similarity: is too large",
		`{"filter":{"all":{},"any":{}}}`: "filter.any: must not be set beside all",
		`{"filter":{"all":{"filters":[{"in":{"feild":"TAG"}}]}}}`:         "filter.all.filters[0].in.feild: is unknown; did you mean field?",
		`{"filter":{"published":{"from":"yesterday"}}}`:                   "filter.published.from: must be a time of RFC 3339",
		`{"filter":{"published":{"from":{"seconds":1}}}}`:                 "filter.published.from: must be a time of RFC 3339",
		`{"filter":{"metadata":{"key":"k","values":[null]}}}`:             "filter.metadata.values[0]: must be a string, a number, a boolean or a list of strings, is null",
		`{"filter":{"metadata":{"key":"k","values":[{"a":1}]}}}`:          "filter.metadata.values[0]: must be a string, a number, a boolean or a list of strings, is an object",
		`{"filter":{"metadata":{"key":"k","values":["a",["b",1]]}}}`:      "filter.metadata.values[1]: must be a list of strings; item 1 is a number",
		`{"filter":{"metadata":{"key":"k","values":[9007199254740993]}}}`: "filter.metadata.values[0]: is a whole number beyond 2^53",
		`{"filter":{"metadata":{"key":"k","values":[1e999]}}}`:            "filter.metadata.values[0]: must be a finite number",
		`{"filter":` + deep + `}`:                                         "request: is nested deeper than 2000 levels",
	} {
		err := wirejson.Unmarshal([]byte(line), &dalilv1.SearchRequest{})
		var invalid *corpus.InvalidError
		if !errors.As(err, &invalid) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.100s: error %v, want %s", line, err, want)
		}
	}
	if err := wirejson.Unmarshal([]byte(`{"timeout":"soon"}`), &dalilv1.WaitOperationRequest{}); err == nil || !strings.HasPrefix(err.Error(), `timeout: must be a duration in seconds`) {
		t.Errorf("a duration of words: %v", err)
	}
}

// Every message of the wire reads back as it was written.
func TestEveryMessageReadsBack(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	messages := 0
	protoregistry.GlobalTypes.RangeMessages(func(m protoreflect.MessageType) bool {
		if m.Descriptor().FullName().Parent() != "dalil.v1" {
			return true
		}
		messages++
		for range 20 {
			want := m.New()
			fill(random, want, 4)
			written, err := wirejson.Marshal(want.Interface())
			if err != nil {
				t.Fatalf("%s: %v", m.Descriptor().FullName(), err)
			}
			got := m.New()
			if err := wirejson.Unmarshal(written, got.Interface()); err != nil || !proto.Equal(got.Interface(), want.Interface()) {
				t.Fatalf("%s: read %v, error %v\nwritten %s\nwant %v", m.Descriptor().FullName(), got, err, written, want)
			}
		}
		return true
	})
	if messages < 50 {
		t.Errorf("only %d messages were checked", messages)
	}
}

// fill sets fields at random.
func fill(random *rand.Rand, m protoreflect.Message, depth int) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		if random.IntN(3) == 0 || f.Message() != nil && depth == 0 {
			continue
		}
		switch {
		case f.IsMap():
			for range random.IntN(3) {
				key := protoreflect.ValueOfString([]string{"", "مفتاح", "a\"b", "k"}[random.IntN(4)]).MapKey()
				m.Mutable(f).Map().Set(key, one(random, f.MapValue(), m.Mutable(f).Map().NewValue, depth-1))
			}
		case f.IsList():
			for range random.IntN(3) {
				list := m.Mutable(f).List()
				list.Append(one(random, f, list.NewElement, depth-1))
			}
		default:
			m.Set(f, one(random, f, func() protoreflect.Value { return m.NewField(f) }, depth-1))
		}
	}
}

func one(random *rand.Rand, f protoreflect.FieldDescriptor, empty func() protoreflect.Value, depth int) protoreflect.Value {
	switch f.Kind() {
	case protoreflect.MessageKind:
		v := empty()
		switch m := v.Message().Interface().(type) {
		case *timestamppb.Timestamp:
			m.Seconds, m.Nanos = random.Int64N(4e9), random.Int32N(1e9)
		case *durationpb.Duration:
			m.Seconds, m.Nanos = random.Int64N(1e6), random.Int32N(1e9)
		case *structpb.Value:
			proto.Merge(m, []*structpb.Value{
				text("<é>"), structpb.NewNumberValue(random.NormFloat64() * 1e12), structpb.NewNumberValue(-(1 << 53)), structpb.NewBoolValue(true),
				structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{text("أ"), text("")}}), structpb.NewListValue(&structpb.ListValue{}),
			}[random.IntN(6)])
		case *fieldmaskpb.FieldMask: // a path is the name of a field
			m.Paths = []string{"published_at", "metadata.kind"}[:random.IntN(3)]
		case *anypb.Any: // the details of an error
			detail := &errdetails.ErrorInfo{Reason: "INVALID", Domain: "dalil", Metadata: map[string]string{"field": "نص"}}
			if err := m.MarshalFrom(detail); err != nil {
				panic(err)
			}
		default:
			fill(random, v.Message(), depth)
		}
		return v
	case protoreflect.EnumKind:
		values := f.Enum().Values()
		return protoreflect.ValueOfEnum(values.Get(random.IntN(values.Len())).Number())
	case protoreflect.StringKind:
		return protoreflect.ValueOfString([]string{"", "نص", "a\nb\u0000\u2028</script>", "😀"}[random.IntN(4)])
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes(fmt.Append(nil, random.Uint64()))
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(random.IntN(2) == 0)
	case protoreflect.FloatKind:
		return protoreflect.ValueOfFloat32(float32(random.NormFloat64()))
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(random.NormFloat64() * 1e-9)
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(int64(random.Uint64()))
	}
	return protoreflect.ValueOfInt32(int32(random.Uint32()))
}

// FuzzUnmarshal reads any text as a request. What is accepted is written and read as the
// same.
func FuzzUnmarshal(f *testing.F) {
	for _, seed := range []string{
		`{"query":"q","page_size":5,"arms":["dense"],"filter":{"not":{"metadata":{"key":"k","values":["a",1.5,true],"min":-0}}}}`,
		`{"filter":{"all":{"filters":[{"published":{"from":"2024-05-01"}},{"in":{"field":"TAG","values":[""]}}]}},"fusion":{"method":1,"k":1e1}}`,
		`{"query":"\ud800\u0000","debug":null}`, `[{}]`, `{"filter":{"metadata":{"values":[[[]]]}}}`, `{"min_dense_similarity":1e39}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		request := &dalilv1.SearchRequest{}
		err := wirejson.Unmarshal(data, request)
		if err != nil {
			var invalid *corpus.InvalidError
			if !errors.As(err, &invalid) || len(invalid.Violations) != 1 || invalid.Violations[0].Field == "" {
				t.Fatalf("error %v names no field", err)
			}
			return
		}
		written, err := wirejson.Marshal(request)
		again := &dalilv1.SearchRequest{}
		if err != nil || wirejson.Unmarshal(written, again) != nil || !proto.Equal(request, again) {
			t.Fatalf("read %v, written %s, error %v, read again %v", request, written, err, again)
		}
	})
}
