package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// A page token is base64url of a kind, the place to continue from, and eight bytes
// of a SHA-256. The hash covers both and the request that the token is bound to. It
// detects mistakes, not forgery: a token gives access to nothing that its holder
// could not request directly.
const (
	searchPages   = 's'
	documentPages = 'd'
	textPages     = 't'
	passagePages  = 'p'
	previewPages  = 'v'
	similarPages  = 'm'
	partPages     = 'q' // passages of one document
	failurePages  = 'f'
	tenantPages   = 'n'
	indexToken    = 'i' // version 1 of an index token

	sumBytes  = 8
	maxToken  = 4 << 10
	maxOffset = 100_000
)

func seal(kind byte, place, bound []byte) string {
	token := append([]byte{kind}, place...)
	return base64.RawURLEncoding.EncodeToString(append(token, sum(token, bound)...))
}

func open(kind byte, token string, bound []byte) (place []byte, err error) {
	if len(token) > maxToken {
		return nil, corpus.Invalid("page_token", "is not a token of this server")
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) < 1+sumBytes || raw[0] != kind {
		return nil, corpus.Invalid("page_token", "is not a token of this method")
	}
	body := raw[:len(raw)-sumBytes]
	if !bytes.Equal(raw[len(body):], sum(body, bound)) {
		return nil, corpus.Invalid("page_token", "belongs to another request; from page to page only page_size may change, in a search also neighbours, debug, view and min_index_token")
	}
	return body[1:], nil
}

func sum(body, bound []byte) []byte {
	whole := sha256.Sum256(slices.Concat(body, []byte{0}, bound))
	return whole[:sumBytes]
}

// pageOf returns the place in the ranking from which a search continues, and the time from
// which it counts: now, or the time of the first page.
func pageOf(req *dalilv1.SearchRequest, now time.Time) (offset int, _ time.Time, err error) {
	if req.GetPageToken() == "" {
		return 0, now, nil
	}
	place, err := open(searchPages, req.GetPageToken(), identity(req))
	if err != nil {
		return 0, now, err
	}
	foreign := corpus.Invalid("page_token", "is not a token of this method")
	n, size := binary.Uvarint(place)
	if size <= 0 || n > maxOffset {
		return 0, now, foreign
	}
	if size < len(place) {
		micros, more := binary.Varint(place[size:])
		if more <= 0 {
			return 0, now, foreign
		}
		now, size = time.UnixMicro(micros).UTC(), size+more
	}
	if size != len(place) {
		return 0, now, foreign
	}
	return int(n), now, nil
}

// nextPage returns the token of the place after the returned passages or groups. now is
// the time of the first page; zero: the answer does not depend on it.
func nextPage(req *dalilv1.SearchRequest, offset int, now time.Time) string {
	if offset > maxOffset {
		return ""
	}
	place := binary.AppendUvarint(nil, uint64(offset))
	if !now.IsZero() {
		place = binary.AppendVarint(place, now.UnixMicro())
	}
	return seal(searchPages, place, identity(req))
}

// identity returns bytes that are equal for two searches with the same ranking: the
// request without the settings of the page. They need to be stable only while a
// client reads pages, so protobuf's deterministic encoding is enough.
func identity(req *dalilv1.SearchRequest) []byte {
	same := proto.CloneOf(req)
	same.PageSize, same.PageToken, same.Neighbours, same.Debug, same.View, same.MinIndexToken = nil, "", nil, nil, 0, ""
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(same)
	if err != nil { // a message that was decoded can be encoded
		panic(err)
	}
	return b
}
