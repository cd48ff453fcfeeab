package server

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// defaultList is the default page size of a list.
const defaultList = 50

var orders = map[dalilv1.DocumentOrder]corpus.DocumentOrder{
	dalilv1.DocumentOrder_DOCUMENT_ORDER_UNSPECIFIED: corpus.ByID,
	dalilv1.DocumentOrder_DOCUMENT_ORDER_ID:          corpus.ByID,
	dalilv1.DocumentOrder_DOCUMENT_ORDER_PUBLISHED:   corpus.ByPublished,
	dalilv1.DocumentOrder_DOCUMENT_ORDER_UPDATED:     corpus.ByUpdated,
}

// ListDocuments returns one page. It reads one document more than the page has, to
// find out whether there is another page.
func (s *documentService) ListDocuments(ctx context.Context, req *dalilv1.ListDocumentsRequest) (*dalilv1.ListDocumentsResponse, error) {
	l, err := listing(req)
	if err != nil {
		return nil, err
	}
	size := s.listSize(req.GetPageSize())
	l.Limit = size + 1
	page, err := s.deps.Documents.List(ctx, l)
	if err != nil {
		return nil, err
	}
	answer := &dalilv1.ListDocumentsResponse{}
	for i := range page.Documents[:min(size, len(page.Documents))] {
		answer.Documents = append(answer.Documents, toDocumentInfo(&page.Documents[i]))
	}
	n := fits(answer.Documents)
	answer.Documents = answer.Documents[:n]
	if len(page.Documents) > n {
		answer.NextPageToken = seal(documentPages, placeBytes(l.PlaceOf(&page.Documents[n-1])), listIdentity(req))
	}
	if l.Total {
		total := toCount(page.Total)
		answer.TotalSize = &total
	}
	return answer, nil
}

// listSize returns the number of items on a page of a list.
func (s *Server) listSize(asked int32) int {
	if asked > 0 {
		return min(int(asked), s.options.Limits.PageSize)
	}
	return min(defaultList, s.options.Limits.PageSize)
}

// listing translates a request without its page size. Its errors are InvalidErrors.
func listing(req *dalilv1.ListDocumentsRequest) (l corpus.Listing, err error) {
	l = corpus.Listing{Order: orders[req.GetOrder()], Descending: req.GetDescending(), Total: req.GetIncludeTotalSize()}
	if l.Filter, err = filterOf(req.GetFilter()); err != nil {
		return l, err
	}
	if token := req.GetPageToken(); token != "" {
		place, err := open(documentPages, token, listIdentity(req))
		if err != nil {
			return l, err
		}
		if l.After, err = readPlace(place); err != nil {
			return l, err
		}
	}
	return l, nil
}

// listIdentity returns bytes that are equal for two requests with the same list.
func listIdentity(req *dalilv1.ListDocumentsRequest) []byte {
	same := &dalilv1.ListDocumentsRequest{Filter: req.GetFilter(), Order: req.GetOrder(), Descending: req.GetDescending()}
	if same.Filter == nil && same.Order <= dalilv1.DocumentOrder_DOCUMENT_ORDER_ID && !same.Descending {
		return nil
	}
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(same)
	if err != nil { // a message that was decoded can be encoded
		panic(err)
	}
	return b
}

// placeBytes encodes a place: a byte that says whether it has a time, Unix seconds and
// nanoseconds, and the id.
func placeBytes(p corpus.Place) []byte {
	b := []byte{0}
	if !p.At.IsZero() {
		b[0] = 1
		b = binary.AppendUvarint(binary.AppendVarint(b, p.At.Unix()), uint64(p.At.Nanosecond()))
	}
	return append(b, p.ID...)
}

func readPlace(b []byte) (*corpus.Place, error) {
	bad := corpus.Invalid("page_token", "is not a token of this method")
	if len(b) == 0 {
		return nil, bad
	}
	p := &corpus.Place{}
	rest := b[1:]
	if b[0] == 1 {
		seconds, n := binary.Varint(rest)
		if n <= 0 {
			return nil, bad
		}
		nanos, m := binary.Uvarint(rest[n:])
		if m <= 0 || nanos > 1e9 {
			return nil, bad
		}
		p.At, rest = time.Unix(seconds, int64(nanos)).UTC(), rest[n+m:]
	}
	p.ID = string(rest)
	return p, nil
}

func (c *checker) list(req *dalilv1.ListDocumentsRequest) {
	c.pageSize(req.GetPageSize())
	if _, known := orders[req.GetOrder()]; !known {
		c.outside("order", "ID, PUBLISHED or UPDATED", fmt.Sprint(req.GetOrder()))
	}
	c.filter(req.GetFilter())
}

// filter refuses a filter that is malformed or beyond the limits.
func (c *checker) filter(wire *dalilv1.Filter) {
	f, err := filterOf(wire)
	if invalid, is := err.(*corpus.InvalidError); is {
		c.violations = append(c.violations, invalid.Violations...)
		return
	}
	for _, v := range f.Violations(*c.limits) {
		c.violate(v)
	}
}

// addPassages adds a page of the document's passages that has at most room bytes.
func (s *documentService) addPassages(ctx context.Context, req *dalilv1.GetDocumentRequest, info *corpus.DocumentInfo, answer *dalilv1.GetDocumentResponse, room int) error {
	from := 0
	if token := req.GetPassagePageToken(); token != "" {
		place, err := open(partPages, token, []byte(req.GetDocumentId()))
		if err != nil {
			return inField(err, "passage_page_token")
		}
		n, size := binary.Uvarint(place)
		if size <= 0 || n > corpus.MaxChunks {
			return corpus.Invalid("passage_page_token", "is not a token of this method")
		}
		if from = int(n); string(place[size:]) != info.Revision {
			return corpus.Errorf(corpus.ErrConflict, "document %q was replaced while its passages were read", req.GetDocumentId())
		}
	}
	to := min(info.Chunks, from+s.options.Limits.PageSize)
	if from >= to {
		return nil
	}
	chunks, err := s.deps.Documents.Parts(ctx, *info, from, to)
	if err != nil {
		return err
	}
	if len(chunks) != to-from {
		return corpus.Errorf(corpus.ErrConflict, "document %q was replaced while its passages were read", req.GetDocumentId())
	}
	for i := range chunks {
		p := toPassage(&corpus.Passage{Rank: from + i + 1, Chunk: chunks[i]}, corpus.FullView)
		p.Document = nil
		answer.Passages = append(answer.Passages, p)
	}
	n := fit(answer.Passages, room)
	answer.Passages = answer.Passages[:n]
	if next := from + n; next < info.Chunks {
		place := append(binary.AppendUvarint(nil, uint64(next)), info.Revision...)
		answer.NextPassagePageToken = seal(partPages, place, []byte(req.GetDocumentId()))
	}
	return nil
}
