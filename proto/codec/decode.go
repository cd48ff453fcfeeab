package codec

import (
	"math"
	"strings"
	"unsafe"

	"google.golang.org/protobuf/encoding/protowire"
	protobuf "google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	dalilv1 "dalil/proto/dalil/v1"
)

// decode decodes an answer of a search into an empty message. It returns false for what
// this server does not send: a field of a later version, a message that comes twice, a very
// short passage, bytes that cannot be decoded. Protobuf decodes these then, or says what is
// wrong with them.
func decode(data []byte, m *dalilv1.SearchResponse) bool {
	r := reader{s: unsafe.String(unsafe.SliceData(data), len(data))} // which nothing keeps
	if n := r.count(1<<3 | bytesType); n > 0 {
		m.Passages = make([]*dalilv1.Passage, 0, n)
	}
	for r.next() {
		switch r.field {
		case 1<<3 | bytesType:
			m.Passages = append(m.Passages, r.passage())
		case 2<<3 | bytesType:
			m.NextPageToken = r.owned()
		case 3 << 3:
			m.Candidates = r.int32()
		case 5<<3 | bytesType:
			m.Timings = append(m.Timings, r.timing())
		case 6<<3 | fixed32Type:
			m.TopDenseSimilarity = r.optional(new(float32))
		case 9 << 3:
			m.Evidence = dalilv1.Evidence(r.int32())
		case 10<<3 | bytesType:
			m.InterpretedQuery = r.owned()
		case 14<<3 | bytesType:
			m.IndexToken = r.owned()
		default:
			return false
		}
	}
	return !r.bad
}

// shortest is how many bytes a passage must have to be decoded here. The id alone has more.
// A page takes hundreds of bytes even for an empty passage, so an answer of a hostile server
// with many of those would take more than twice the memory that protobuf needs.
const shortest = 32

// page is the memory of a passage and of what belongs to it.
type page struct {
	passage                  dalilv1.Passage
	document                 dalilv1.Document
	published                timestamppb.Timestamp
	span, best               dalilv1.Span
	scores                   dalilv1.Scores
	dense, lexical, coverage float32
	rerank, fused, relevance float32
	denseRank, lexicalRank   int32
}

func (r *reader) passage() *dalilv1.Passage {
	raw := r.bytes()
	if len(raw) < shortest {
		r.bad = true
		return nil
	}
	in := reader{s: strings.Clone(raw)}
	p := new(page)
	m := &p.passage
	for in.next() {
		switch in.field {
		case 1<<3 | bytesType:
			m.PassageId = in.string()
		case 2 << 3:
			m.Rank = in.int32()
		case 3<<3 | bytesType:
			m.Text = in.string()
		case 4<<3 | bytesType:
			in.once(m.Document == nil)
			m.Document = &p.document
			in.document(p)
		case 5 << 3:
			m.Ordinal = in.int32()
		case 6<<3 | bytesType:
			in.once(m.Span == nil)
			m.Span = in.span(&p.span)
		case 7<<3 | bytesType:
			in.once(m.Scores == nil)
			m.Scores = &p.scores
			in.scores(p)
		case 8<<3 | bytesType:
			in.highlights(m)
		case 11<<3 | bytesType:
			m.HeadingPath = append(m.HeadingPath, in.string())
		case 13<<3 | fixed32Type:
			m.Relevance = in.optional(&p.relevance)
		case 14<<3 | bytesType:
			m.DocumentId = in.string()
		case 15<<3 | bytesType:
			in.once(m.BestSentence == nil)
			m.BestSentence = in.span(&p.best)
		case 16<<3 | bytesType:
			m.Snippet = in.string()
		default:
			in.bad = true
		}
	}
	r.bad = r.bad || in.bad
	return m
}

func (r *reader) document(p *page) {
	in := reader{s: r.bytes()}
	m := &p.document
	for in.next() {
		switch in.field {
		case 1<<3 | bytesType:
			m.DocumentId = in.string()
		case 2<<3 | bytesType:
			m.Title = in.string()
		case 4<<3 | bytesType:
			m.Url = in.string()
		case 5<<3 | bytesType:
			m.Source = in.string()
		case 6<<3 | bytesType:
			m.Language = in.string()
		case 7<<3 | bytesType:
			m.Author = in.string()
		case 8<<3 | bytesType:
			m.Tags = append(m.Tags, in.string())
		case 9<<3 | bytesType:
			in.once(m.PublishedAt == nil)
			m.PublishedAt = &p.published
			p.published.Seconds, p.published.Nanos = in.moment()
		case 10<<3 | bytesType:
			in.metadata(m)
		case 11<<3 | bytesType:
			m.Revision = in.string()
		case 14<<3 | bytesType:
			m.Etag = in.string()
		case 15 << 3:
			version := int64(in.varint())
			m.SourceVersion = &version
		case 16<<3 | bytesType:
			in.once(m.ExpiresAt == nil)
			m.ExpiresAt = new(timestamppb.Timestamp)
			m.ExpiresAt.Seconds, m.ExpiresAt.Nanos = in.moment()
		case 17<<3 | bytesType:
			in.once(m.VisibleFrom == nil)
			m.VisibleFrom = new(timestamppb.Timestamp)
			m.VisibleFrom.Seconds, m.VisibleFrom.Nanos = in.moment()
		case 18<<3 | bytesType:
			m.Groups = append(m.Groups, in.string())
		default:
			in.bad = true
		}
	}
	r.bad = r.bad || in.bad
}

// metadata decodes an entry of a document's metadata.
func (r *reader) metadata(m *dalilv1.Document) {
	in := reader{s: r.bytes()}
	key, value := "", new(structpb.Value)
	for in.next() {
		switch in.field {
		case 1<<3 | bytesType:
			key = in.string()
		case 2<<3 | bytesType:
			raw := in.bytes()
			in.once(protobuf.UnmarshalOptions{Merge: true}.Unmarshal(unsafe.Slice(unsafe.StringData(raw), len(raw)), value) == nil)
		default:
			in.bad = true
		}
	}
	r.bad = r.bad || in.bad
	if m.Metadata == nil {
		m.Metadata = map[string]*structpb.Value{}
	}
	m.Metadata[key] = value
}

func (r *reader) scores(p *page) {
	in := reader{s: r.bytes()}
	m := &p.scores
	for in.next() {
		switch in.field {
		case 1<<3 | fixed32Type:
			m.Dense = in.optional(&p.dense)
		case 2<<3 | fixed32Type:
			m.Lexical = in.optional(&p.lexical)
		case 3<<3 | fixed32Type:
			m.Coverage = in.optional(&p.coverage)
		case 4<<3 | fixed32Type:
			m.Rerank = in.optional(&p.rerank)
		case 5<<3 | fixed32Type:
			m.Fused = in.optional(&p.fused)
		case 6 << 3:
			p.denseRank = in.int32()
			m.DenseRank = &p.denseRank
		case 7 << 3:
			p.lexicalRank = in.int32()
			m.LexicalRank = &p.lexicalRank
		default:
			in.bad = true
		}
	}
	r.bad = r.bad || in.bad
}

// highlights decodes a highlight and those that follow it, into one piece of memory.
func (r *reader) highlights(m *dalilv1.Passage) {
	// Back to the tag, which has one byte. If a server sent it in more bytes, the last one is 0.
	// That is no tag, so reading ends there and protobuf decodes the answer.
	r.i--
	all := make([]dalilv1.Highlight, r.count(8<<3|bytesType))
	if m.Highlights == nil {
		m.Highlights = make([]*dalilv1.Highlight, 0, len(all))
	}
	for i := range all {
		r.next()
		in, h := reader{s: r.bytes()}, &all[i]
		for in.next() {
			switch in.field {
			case 1 << 3:
				h.Start = in.int32()
			case 2 << 3:
				h.End = in.int32()
			case 3 << 3:
				h.Utf16Start = in.int32()
			case 4 << 3:
				h.Utf16End = in.int32()
			default:
				in.bad = true
			}
		}
		r.bad = r.bad || in.bad
		m.Highlights = append(m.Highlights, h)
	}
}

func (r *reader) span(m *dalilv1.Span) *dalilv1.Span {
	in := reader{s: r.bytes()}
	for in.next() {
		switch in.field {
		case 1 << 3:
			m.Start = in.int32()
		case 2 << 3:
			m.End = in.int32()
		default:
			in.bad = true
		}
	}
	r.bad = r.bad || in.bad
	return m
}

func (r *reader) timing() *dalilv1.StageTiming {
	in := reader{s: r.bytes()}
	p := new(struct {
		timing   dalilv1.StageTiming
		duration durationpb.Duration
	})
	for in.next() {
		switch in.field {
		case 1 << 3:
			p.timing.Stage = dalilv1.Stage(in.int32())
		case 2<<3 | bytesType:
			in.once(p.timing.Duration == nil)
			p.timing.Duration = &p.duration
			p.duration.Seconds, p.duration.Nanos = in.moment()
		default:
			in.bad = true
		}
	}
	r.bad = r.bad || in.bad
	return &p.timing
}

// moment decodes a time or a duration.
func (r *reader) moment() (seconds int64, nanos int32) {
	in := reader{s: r.bytes()}
	for in.next() {
		switch in.field {
		case 1 << 3:
			seconds = int64(in.varint())
		case 2 << 3:
			nanos = in.int32()
		default:
			in.bad = true
		}
	}
	r.bad = r.bad || in.bad
	return seconds, nanos
}

// The kinds of fields, the lowest three bits of a tag.
const (
	bytesType   = 2
	fixed32Type = 5
)

// reader reads the fields of one message.
type reader struct {
	s     string
	i     int
	field uint64 // the tag of the field that next found
	bad   bool   // it cannot be read; the rest is not
}

// next reads the tag of the next field. It returns false at the end of the message.
func (r *reader) next() bool {
	if r.bad || r.i >= len(r.s) {
		return false
	}
	r.field = r.varint()
	return !r.bad
}

// once ends reading if a message comes again, because protobuf makes one of the two then.
func (r *reader) once(first bool) { r.bad = r.bad || !first }

func (r *reader) varint() uint64 {
	if i := r.i; i < len(r.s) && r.s[i] < 0x80 {
		r.i = i + 1
		return uint64(r.s[i])
	}
	return r.longVarint()
}

// longVarint reads a number of several bytes.
func (r *reader) longVarint() uint64 {
	v, n := protowire.ConsumeVarint(unsafe.Slice(unsafe.StringData(r.s), len(r.s))[r.i:])
	if n < 0 {
		r.bad = true
		return 0
	}
	r.i += n
	return v
}

func (r *reader) int32() int32 { return int32(r.varint()) }

// bytes returns the content of a field, without a copy.
func (r *reader) bytes() string {
	n := r.varint()
	if r.bad || n > uint64(len(r.s)-r.i) {
		r.bad = true
		return ""
	}
	r.i += int(n)
	return r.s[r.i-int(n) : r.i]
}

func (r *reader) string() string {
	s := r.bytes()
	r.bad = r.bad || !valid(s)
	return s
}

// owned returns a copy of a string.
func (r *reader) owned() string { return strings.Clone(r.string()) }

func (r *reader) optional(v *float32) *float32 {
	if len(r.s)-r.i < 4 {
		r.bad = true
		return nil
	}
	s := r.s[r.i:]
	*v = math.Float32frombits(uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24)
	r.i += 4
	return v
}

// count returns how many fields with this tag, which has one byte, follow each other here.
func (r *reader) count(tag byte) (n int) {
	for ahead := *r; ahead.i < len(ahead.s) && ahead.s[ahead.i] == tag && !ahead.bad; n++ {
		ahead.i++
		ahead.bytes()
	}
	return n
}
