package codec

import (
	"math"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
	protobuf "google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	dalilv1 "dalil/proto/dalil/v1"
)

// encoder appends the fields of messages in one pass: the length of a message is written
// when its end is known, instead of being computed before. All fields of a message have a
// line here or in answers.go; the tests fail if one is missing.
type encoder struct {
	b   []byte
	err error
}

func (e *encoder) passage(m *dalilv1.Passage) {
	if m == nil {
		return
	}
	e.text(1, m.PassageId)
	e.integer(2, int64(m.Rank))
	e.text(3, m.Text)
	e.document(4, m.Document)
	e.integer(5, int64(m.Ordinal))
	e.span(6, m.Span)
	e.scores(7, m.Scores)
	for _, h := range m.Highlights {
		at := e.open(8)
		e.highlight(h)
		e.close(at)
	}
	e.neighbours(9, m.Before)
	e.neighbours(10, m.After)
	e.texts(11, m.HeadingPath)
	for _, f := range m.RankFeatures {
		e.other(12, f)
	}
	e.optional(13, m.Relevance)
	e.text(14, m.DocumentId)
	e.span(15, m.BestSentence)
	e.text(16, m.Snippet)
	e.texts(17, m.DuplicatePassageIds)
	e.unknown(m)
}

func (e *encoder) document(number protowire.Number, m *dalilv1.Document) {
	if m == nil {
		return
	}
	at := e.open(number)
	e.text(1, m.DocumentId)
	e.text(2, m.Title)
	if m.Text != nil {
		e.string(3, *m.Text)
	}
	e.text(4, m.Url)
	e.text(5, m.Source)
	e.text(6, m.Language)
	e.text(7, m.Author)
	e.texts(8, m.Tags)
	e.time(9, m.PublishedAt)
	for key, value := range m.Metadata {
		entry := e.open(10)
		e.string(1, key)
		e.other(2, value)
		e.close(entry)
	}
	e.text(11, m.Revision)
	if m.Passages != nil {
		e.number(12, int64(*m.Passages))
	}
	e.time(13, m.UpdatedAt)
	e.text(14, m.Etag)
	if m.SourceVersion != nil {
		e.number(15, *m.SourceVersion)
	}
	e.time(16, m.ExpiresAt)
	e.time(17, m.VisibleFrom)
	e.texts(18, m.Groups)
	e.unknown(m)
	e.close(at)
}

func (e *encoder) span(number protowire.Number, m *dalilv1.Span) {
	if m == nil {
		return
	}
	at := e.open(number)
	e.integer(1, int64(m.Start))
	e.integer(2, int64(m.End))
	e.unknown(m)
	e.close(at)
}

func (e *encoder) scores(number protowire.Number, m *dalilv1.Scores) {
	if m == nil {
		return
	}
	at := e.open(number)
	e.optional(1, m.Dense)
	e.optional(2, m.Lexical)
	e.optional(3, m.Coverage)
	e.optional(4, m.Rerank)
	e.optional(5, m.Fused)
	if m.DenseRank != nil {
		e.number(6, int64(*m.DenseRank))
	}
	if m.LexicalRank != nil {
		e.number(7, int64(*m.LexicalRank))
	}
	e.unknown(m)
	e.close(at)
}

func (e *encoder) highlight(m *dalilv1.Highlight) {
	if m == nil {
		return
	}
	e.integer(1, int64(m.Start))
	e.integer(2, int64(m.End))
	e.integer(3, int64(m.Utf16Start))
	e.integer(4, int64(m.Utf16End))
	e.unknown(m)
}

func (e *encoder) neighbours(number protowire.Number, all []*dalilv1.Neighbour) {
	for _, m := range all {
		at := e.open(number)
		if m != nil {
			e.text(1, m.PassageId)
			e.integer(2, int64(m.Ordinal))
			e.span(3, m.Span)
			e.text(4, m.Text)
			e.unknown(m)
		}
		e.close(at)
	}
}

func (e *encoder) timings(number protowire.Number, all []*dalilv1.StageTiming) {
	for _, m := range all {
		at := e.open(number)
		if m != nil {
			e.integer(1, int64(m.Stage))
			e.duration(2, m.Duration)
			e.unknown(m)
		}
		e.close(at)
	}
}

func (e *encoder) duration(number protowire.Number, m *durationpb.Duration) {
	if m == nil {
		return
	}
	at := e.open(number)
	e.integer(1, m.Seconds)
	e.integer(2, int64(m.Nanos))
	e.unknown(m)
	e.close(at)
}

func (e *encoder) time(number protowire.Number, m *timestamppb.Timestamp) {
	if m == nil {
		return
	}
	at := e.open(number)
	e.integer(1, m.Seconds)
	e.integer(2, int64(m.Nanos))
	e.unknown(m)
	e.close(at)
}

// other appends a message that protobuf encodes, because few answers have it.
func (e *encoder) other(number protowire.Number, m protobuf.Message) {
	at := e.open(number)
	b, err := appendMended(e.b, m)
	if err != nil {
		e.err = err
		return
	}
	e.b = b
	e.close(at)
}

// unknown appends the fields of a later version, which a decoder kept.
func (e *encoder) unknown(m protobuf.Message) {
	if rest := m.ProtoReflect().GetUnknown(); len(rest) > 0 {
		e.b = append(e.b, rest...)
	}
}

// open begins a message, and returns where it begins. Most have less than 128 bytes, so
// that their length has one.
func (e *encoder) open(number protowire.Number) int {
	e.tag(number, protowire.BytesType)
	e.b = append(e.b, 0)
	return len(e.b)
}

// close writes the length of a message before it.
func (e *encoder) close(at int) {
	n := len(e.b) - at
	if n < 0x80 {
		e.b[at-1] = byte(n)
		return
	}
	more := protowire.SizeVarint(uint64(n)) - 1
	e.b = append(e.b, "\x00\x00\x00\x00\x00\x00\x00\x00\x00"[:more]...)
	copy(e.b[at+more:], e.b[at:at+n])
	protowire.AppendVarint(e.b[:at-1], uint64(n))
}

func (e *encoder) tag(number protowire.Number, kind protowire.Type) {
	e.b = appendVarint(e.b, uint64(number)<<3|uint64(kind))
}

// appendVarint is protowire.AppendVarint with the usual case first.
func appendVarint(b []byte, v uint64) []byte {
	if v < 0x80 {
		return append(b, byte(v))
	}
	return protowire.AppendVarint(b, v)
}

// integer appends an integer unless it is 0, which is not encoded.
func (e *encoder) integer(number protowire.Number, v int64) {
	if v != 0 {
		e.number(number, v)
	}
}

func (e *encoder) number(number protowire.Number, v int64) {
	b := appendVarint(e.b, uint64(number)<<3|uint64(protowire.VarintType))
	e.b = appendVarint(b, uint64(v))
}

// enums appends a list of enums, which is packed.
func enums[T ~int32](e *encoder, number protowire.Number, all []T) {
	if len(all) == 0 {
		return
	}
	at := e.open(number)
	for _, v := range all {
		e.b = appendVarint(e.b, uint64(int64(v)))
	}
	e.close(at)
}

func (e *encoder) optional(number protowire.Number, v *float32) {
	if v == nil {
		return
	}
	e.tag(number, protowire.Fixed32Type)
	e.b = protowire.AppendFixed32(e.b, math.Float32bits(*v))
}

// text appends a string unless it is empty.
func (e *encoder) text(number protowire.Number, s string) {
	if s != "" {
		e.string(number, s)
	}
}

func (e *encoder) texts(number protowire.Number, all []string) {
	for _, s := range all {
		e.string(number, s)
	}
}

func (e *encoder) string(number protowire.Number, s string) {
	if !valid(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	b := appendVarint(e.b, uint64(number)<<3|uint64(protowire.BytesType))
	b = appendVarint(b, uint64(len(s)))
	e.b = append(b, s...)
}
