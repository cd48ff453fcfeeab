package codec

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/mem"
	protobuf "google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	dalilv1 "dalil/proto/dalil/v1"
)

// answers are the messages that the encoder has code for.
var answers = []protobuf.Message{
	&dalilv1.SearchResponse{}, &dalilv1.BatchSearchResponse{}, &dalilv1.FindSimilarResponse{}, &dalilv1.GetPassagesResponse{}, &dalilv1.BuildContextResponse{},
}

// An answer with any fields is encoded so that protobuf reads the same answer, in as many
// bytes as its own encoding has.
func TestAnswersAreEncodedAsProtobufDoes(t *testing.T) {
	for _, kind := range answers {
		if !(&encoder{}).answer(kind) {
			t.Fatalf("the encoder does not know %T", kind)
		}
		for seed := range uint64(300) {
			want, got := filled(kind, seed, false), kind.ProtoReflect().New().Interface()
			data := encoded(t, want)
			if err := protobuf.Unmarshal(data, got); err != nil {
				t.Fatal(err)
			}
			same(t, want, got)
			if len(data) != protobuf.Size(want) {
				t.Fatalf("%T, seed %d: %d bytes, protobuf makes %d", kind, seed, len(data), protobuf.Size(want))
			}
		}
	}
}

// In every field, bytes that are not UTF-8 arrive as U+FFFD. The answer itself does not change.
// Protobuf encodes the last of these answers.
func TestStringsOfAnswersAreMended(t *testing.T) {
	for _, kind := range append(answers, &dalilv1.CheckGroundingResponse{}) {
		for seed := range uint64(200) {
			answer, got := filled(kind, seed, true), kind.ProtoReflect().New().Interface()
			if err := protobuf.Unmarshal(encoded(t, answer), got); err != nil {
				t.Fatal(err)
			}
			same(t, mended(answer), got)
			same(t, filled(kind, seed, true), answer)
		}
	}
}

// An answer that is encoded is not changed by the next one, which may use the same memory.
func TestBuffersAreUsedAgainWhenTheyAreFree(t *testing.T) {
	first, err := Server{}.Marshal(page10())
	if err != nil {
		t.Fatal(err)
	}
	before := string(first.Materialize())
	for seed := range uint64(50) {
		encoded(t, filled(&dalilv1.SearchResponse{}, seed, false))
	}
	if string(first.Materialize()) != before {
		t.Error("an answer changed before its buffer was freed")
	}
	first.Free()
}

// encoded returns an answer as the server sends it.
func encoded(t *testing.T, m protobuf.Message) []byte {
	t.Helper()
	data, err := Server{}.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	defer data.Free()
	return data.Materialize()
}

func same(t *testing.T, want, got protobuf.Message) {
	t.Helper()
	if !protobuf.Equal(want, got) {
		t.Fatalf("the answer (-want +got):\n%s", cmp.Diff(want, got, protocmp.Transform()))
	}
}

// Any answer is decoded as protobuf does.
func TestAnswersAreDecodedAsProtobufDoes(t *testing.T) {
	for seed := range uint64(300) {
		data, err := protobuf.Marshal(filled(&dalilv1.SearchResponse{}, seed, false))
		if err != nil {
			t.Fatal(err)
		}
		compare(t, data)
	}
}

// What the server answers to most questions is decoded by the code of this package.
func TestUsualAnswersAreDecodedHere(t *testing.T) {
	answer := page10()
	answer.TopDenseSimilarity, answer.InterpretedQuery = answer.GetPassages()[0].Relevance, "poverty"
	answer.Passages[1].Document.Tags, answer.Passages[1].Document.Groups = []string{"a", ""}, []string{"g"}
	answer.Passages[1].Document.Metadata = map[string]*structpb.Value{"k": structpb.NewNumberValue(4), "l": structpb.NewStringValue("v")}
	answer.Passages[1].Document.ExpiresAt, answer.Passages[1].Document.VisibleFrom = timestamppb.New(time.Unix(1, 2)), timestamppb.New(time.Unix(3, 4))
	answer.Passages[1].Document.SourceVersion, answer.Passages[1].Document.Author = new(int64), "author"
	data, err := protobuf.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	got := &dalilv1.SearchResponse{}
	if !decode(data, got) {
		t.Error("protobuf has to decode it")
	}
	same(t, answer, got)
	if capacity := cap(got.GetPassages()); capacity != 10 {
		t.Errorf("room for %d passages, want 10", capacity)
	}
}

// compare decodes bytes with the client's codec and with protobuf.
func compare(t *testing.T, data []byte) {
	t.Helper()
	want, got := &dalilv1.SearchResponse{}, &dalilv1.SearchResponse{NextPageToken: "left over"}
	bad := protobuf.Unmarshal(data, want)
	raw := append([]byte(nil), data...)
	err := Client{}.Unmarshal(mem.BufferSlice{mem.SliceBuffer(raw)}, got)
	if fmt.Sprint(err) != fmt.Sprint(bad) {
		t.Fatalf("error %v, protobuf has %v", err, bad)
	}
	clear(raw) // gRPC uses its memory again
	if bad == nil {
		same(t, want, got)
	}
}

// Bytes that no server sends are decoded, or refused, as protobuf does.
func FuzzDecode(f *testing.F) {
	answer := page10()
	answer.Passages = answer.Passages[:2]
	for _, p := range answer.Passages {
		p.Text, p.Highlights = p.Text[:28], p.Highlights[:2]
	}
	whole, err := protobuf.Marshal(answer)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)-1])
	for _, seed := range []string{
		"\x0a\x04\x30\x00\x0a\x00", "\x0a\x05\x32\x01\x08\x32\x00", "\x0a\x06\x32\x00\x32\x02\x08\x01", "\x0a\x07\xc2\x00\x02\x08\x01\xc2\x00",
		"\x0a\x03\x1a\x01\xff", "\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "\x35\x00\x00", "\x0a\xff\xff\xff\xff\x0f", "\x0b\x0c", "\x00",
		"\x0a\x0a\x22\x08\x4a\x02\x08\x01\x4a\x02\x10\x02", "\x0a\x08\x22\x06\x52\x04\x12\x02\x20\x01", "\x0a\x07\x42\x02\x08\x01\x42\x01\x08",
	} {
		f.Add([]byte(seed))
		if inner, is := strings.CutPrefix(seed, "\x0a"); is && inner != "" && int(inner[0]) == len(inner)-1 { // one passage, made long enough for the code here
			passage := "\x1a\x20" + strings.Repeat("t", shortest) + inner[1:]
			f.Add(append([]byte{0x0a, byte(len(passage))}, passage...))
		}
	}
	f.Fuzz(compare)
}

// filled returns an answer of a kind, in which any fields are set to any values. broken says
// that strings need not be UTF-8; the keys of maps always are, because two could become one.
func filled(kind protobuf.Message, seed uint64, broken bool) protobuf.Message {
	m := kind.ProtoReflect().New()
	(&filling{rand.New(rand.NewPCG(seed, 0)), broken}).fill(m, 0)
	return m.Interface()
}

type filling struct {
	*rand.Rand
	broken bool
}

func (r *filling) fill(m protoreflect.Message, depth int) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		if depth > 5 || r.IntN(2) == 0 {
			continue
		}
		switch {
		case f.IsMap():
			for n := range r.IntN(3) {
				value := m.NewField(f).Map().NewValue()
				r.fill(value.Message(), depth+1)
				m.Mutable(f).Map().Set(protoreflect.ValueOfString(strings.Repeat("م", n)).MapKey(), value)
			}
		case f.IsList() && f.Message() != nil:
			for range r.IntN(4) {
				r.fill(m.Mutable(f).List().AppendMutable().Message(), depth+1)
			}
		case f.IsList():
			for range r.IntN(4) {
				m.Mutable(f).List().Append(r.value(f))
			}
		case f.Message() != nil:
			r.fill(m.Mutable(f).Message(), depth+1)
		default:
			m.Set(f, r.value(f))
		}
	}
	if r.IntN(10) == 0 {
		m.SetUnknown(protoreflect.RawFields{0xf8, 0x7f, 0x01}) // field 2047
	}
}

func (r *filling) value(f protoreflect.FieldDescriptor) protoreflect.Value {
	number := int64(r.Uint64()) >> r.IntN(64)
	switch f.Kind() {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(r.text())
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes([]byte(r.text()))
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(number&1 == 0)
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(number))
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(int32(number))
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(number)
	case protoreflect.FloatKind:
		return protoreflect.ValueOfFloat32(float32(number))
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(float64(number))
	}
	panic(fmt.Sprintf("%s: a %v, which this test cannot fill", f.FullName(), f.Kind()))
}

// text returns a string; some are empty, and some have more than 127 bytes.
func (r *filling) text() string {
	s := strings.Repeat("التعاون ", r.IntN(20)*r.IntN(2)) + strings.Repeat("a—ب", r.IntN(10))
	if r.broken && r.IntN(2) == 0 {
		at := r.IntN(len(s) + 1)
		s = s[:at] + "\xd8" + s[at:]
	}
	return s
}
