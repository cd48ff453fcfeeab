package codec

import (
	"math"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
	protobuf "google.golang.org/protobuf/proto"

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
	e.text(1, m.PassageId)
	e.integer(2, int64(m.Rank))
	e.text(3, m.Text)
	one(e, 4, m.Document, (*encoder).document)
	e.integer(5, int64(m.Ordinal))
	one(e, 6, m.Span, (*encoder).span)
	one(e, 7, m.Scores, (*encoder).scores)
	list(e, 8, m.Highlights, (*encoder).highlight)
	list(e, 9, m.Before, (*encoder).neighbour)
	list(e, 10, m.After, (*encoder).neighbour)
	e.texts(11, m.HeadingPath)
	for _, f := range m.RankFeatures {
		e.other(12, f)
	}
	e.optional(13, m.Relevance)
	e.text(14, m.DocumentId)
	one(e, 15, m.BestSentence, (*encoder).span)
	e.text(16, m.Snippet)
	e.texts(17, m.DuplicatePassageIds)
}

func (e *encoder) document(m *dalilv1.Document) {
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
	one(e, 9, m.PublishedAt, moment)
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
	one(e, 13, m.UpdatedAt, moment)
	e.text(14, m.Etag)
	if m.SourceVersion != nil {
		e.number(15, *m.SourceVersion)
	}
	one(e, 16, m.ExpiresAt, moment)
	one(e, 17, m.VisibleFrom, moment)
	e.texts(18, m.Groups)
}

func (e *encoder) span(m *dalilv1.Span) {
	e.integer(1, int64(m.Start))
	e.integer(2, int64(m.End))
}

func (e *encoder) scores(m *dalilv1.Scores) {
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
}

func (e *encoder) highlight(m *dalilv1.Highlight) {
	e.integer(1, int64(m.Start))
	e.integer(2, int64(m.End))
	e.integer(3, int64(m.Utf16Start))
	e.integer(4, int64(m.Utf16End))
}

func (e *encoder) neighbour(m *dalilv1.Neighbour) {
	e.text(1, m.PassageId)
	e.integer(2, int64(m.Ordinal))
	one(e, 3, m.Span, (*encoder).span)
	e.text(4, m.Text)
}

func (e *encoder) timing(m *dalilv1.StageTiming) {
	e.integer(1, int64(m.Stage))
	one(e, 2, m.Duration, moment)
}

// moment appends the fields of a time or a duration.
func moment[M interface {
	message
	GetSeconds() int64
	GetNanos() int32
}](e *encoder, m M) {
	e.integer(1, m.GetSeconds())
	e.integer(2, int64(m.GetNanos()))
}

// message is a pointer to a message.
type message interface {
	comparable
	protobuf.Message
}

// whole appends the fields of a message, unless it is nil.
func whole[M message](e *encoder, m M, fields func(*encoder, M)) {
	var none M
	if m != none {
		fields(e, m)
		e.unknown(m)
	}
}

// one appends a message with its number, unless it is nil.
func one[M message](e *encoder, number protowire.Number, m M, fields func(*encoder, M)) {
	var none M
	if m != none {
		list(e, number, []M{m}, fields)
	}
}

// list appends messages, each with its number. A nil one is an empty message.
func list[M message](e *encoder, number protowire.Number, all []M, fields func(*encoder, M)) {
	for _, m := range all {
		at := e.open(number)
		whole(e, m, fields)
		e.close(at)
	}
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
