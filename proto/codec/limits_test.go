package codec

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"google.golang.org/grpc/mem"
	protobuf "google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"

	dalilv1 "dalil/proto/dalil/v1"
)

// A result that is a nil pointer is encoded as protobuf does: as none.
func TestNilResultsOfABatch(t *testing.T) {
	want := &dalilv1.BatchSearchResponse{Responses: []*dalilv1.BatchSearchResult{
		{Result: (*dalilv1.BatchSearchResult_Response)(nil)},
		{Result: (*dalilv1.BatchSearchResult_Status)(nil)},
		nil,
		{},
		{Result: &dalilv1.BatchSearchResult_Response{}},
		{Result: &dalilv1.BatchSearchResult_Status{}},
	}}
	data, err := protobuf.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if got := encoded(t, want); !bytes.Equal(got, data) {
		t.Errorf("got % x, protobuf makes % x", got, data)
	}
}

// If protobuf cannot encode a message within an answer, the call gets its error.
func TestAMessageThatCannotBeEncoded(t *testing.T) {
	var e encoder
	e.other(7, &descriptorpb.UninterpretedOption_NamePart{}) // its required fields are missing
	e.text(14, "token")
	if data, err := e.finish(new([]byte)); err == nil || data != nil {
		t.Errorf("got %d bytes, error %v", data.Len(), err)
	}
}

// The buffer of a very large answer is not kept.
func TestVeryLargeBuffersAreNotKept(t *testing.T) {
	for range 100 { // the pool may lose a buffer
		data, err := Server{}.Marshal(&dalilv1.SearchResponse{IndexToken: strings.Repeat("i", mostKept+1)})
		if err != nil {
			t.Fatal(err)
		}
		data.Free()
		buffer := buffers.Get(0)
		if cap(*buffer) > mostKept {
			t.Fatalf("a buffer of %d bytes was kept, want at most %d", cap(*buffer), mostKept)
		}
	}
}

// Many very short passages take no more memory than with protobuf, whether or not others are long.
func TestShortPassagesTakeAsMuchMemoryAsWithProtobuf(t *testing.T) {
	short := strings.Repeat("\x0a\x02\x10\x01", 20_000)
	text := strings.Repeat("t", 20_000)
	long, err := protobuf.Marshal(&dalilv1.SearchResponse{Passages: []*dalilv1.Passage{{Text: strings.Repeat(text, 40)}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, answer := range map[string]string{"short": short, "long and short": string(long) + short} {
		data := []byte(answer)
		compare(t, data)
		want := allocated(func() error { return protobuf.Unmarshal(data, &dalilv1.SearchResponse{}) })
		got := allocated(func() error {
			return Client{}.Unmarshal(mem.BufferSlice{mem.SliceBuffer(data)}, &dalilv1.SearchResponse{})
		})
		if got > want+want/2 {
			t.Errorf("%s: %d bytes were allocated, %d by protobuf", name, got, want)
		}
	}
	for n, want := range map[int]bool{shortest - 1: false, shortest: true} {
		passage := "\x1a" + string(rune(n-2)) + text[:n-2]
		if got := decode([]byte("\x0a"+string(rune(n))+passage), &dalilv1.SearchResponse{}); got != want {
			t.Errorf("a passage of %d bytes is decoded here: %v, want %v", n, got, want)
		}
	}
}

// allocated returns how many bytes a call allocates.
func allocated(call func() error) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := call(); err != nil {
		panic(err)
	}
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
