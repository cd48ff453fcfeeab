package tokenizer

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// scanner reads the large parts of a description, vocabularies and merges,
// several times faster than encoding/json, which has proven before that the
// text is JSON: so the scanner only has to refuse another structure.
type scanner struct {
	text []byte
	at   int
}

// next skips white space and gives the byte there; 0: the end.
func (s *scanner) next() byte {
	for ; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// take steps over c if it comes next.
func (s *scanner) take(c byte) bool {
	if s.next() != c {
		return false
	}
	s.at++
	return true
}

// str reads a string.
func (s *scanner) str() (string, bool) {
	if !s.take('"') {
		return "", false
	}
	start := s.at
	for s.at < len(s.text) && s.text[s.at] != '"' {
		if s.text[s.at] == '\\' {
			s.at++
		}
		s.at++
	}
	if s.at >= len(s.text) {
		return "", false
	}
	raw := s.text[start:s.at]
	s.at++
	if plain := string(raw); !strings.Contains(plain, `\`) && utf8.ValidString(plain) {
		return plain, true
	}
	var out string
	err := json.Unmarshal(s.text[start-1:s.at], &out)
	return out, err == nil
}

// number reads a number as text.
func (s *scanner) number() string {
	s.next()
	start := s.at
	for s.at < len(s.text) && strings.IndexByte("+-.eE0123456789", s.text[s.at]) >= 0 {
		s.at++
	}
	return string(s.text[start:s.at])
}

// list calls element for each element between open and closing brackets.
func (s *scanner) list(open, closing byte, element func() bool) bool {
	if !s.take(open) {
		return false
	}
	for first := true; !s.take(closing); first = false {
		if !first && !s.take(',') {
			return false
		}
		if !element() {
			return false
		}
	}
	return true
}

// parsePieces reads [["piece", score], …].
func parsePieces(raw json.RawMessage) ([]Piece, error) {
	s := scanner{text: raw}
	pieces := make([]Piece, 0, len(raw)/24)
	ok := s.list('[', ']', func() bool {
		if len(pieces) == maxPieces || !s.take('[') {
			return false
		}
		text, ok := s.str()
		if !ok || !s.take(',') {
			return false
		}
		score, err := strconv.ParseFloat(s.number(), 64)
		pieces = append(pieces, Piece{text, score})
		return err == nil && s.take(']')
	})
	if !ok {
		return nil, fmt.Errorf("%w: vocab entry %d is not a pair of a piece and its score, or is one too many (%d)", ErrFormat, len(pieces), maxPieces)
	}
	return pieces, nil
}

// parseVocabulary reads {"piece": id, …}.
func parseVocabulary(raw json.RawMessage) (vocabulary, error) {
	s := scanner{text: raw}
	ids := make(map[string]int32, len(raw)/16)
	ok := s.list('{', '}', func() bool {
		if len(ids) == maxPieces {
			return false
		}
		text, ok := s.str()
		if !ok || !s.take(':') {
			return false
		}
		id, err := strconv.ParseInt(s.number(), 10, 32)
		ids[text] = int32(id)
		return err == nil
	})
	if !ok {
		return vocabulary{}, fmt.Errorf("%w: vocab entry %d is not a piece and its id, or is one too many (%d)", ErrFormat, len(ids), maxPieces)
	}
	return newVocabulary(ids)
}

// parseMerges reads [["a", "b"], …] and, of older files, ["a b", …].
func parseMerges(raw json.RawMessage) ([][2]string, error) {
	s := scanner{text: raw}
	merges := make([][2]string, 0, len(raw)/16)
	ok := s.list('[', ']', func() bool {
		if len(merges) == maxPieces {
			return false
		}
		if s.next() == '"' {
			text, ok := s.str()
			if strings.HasPrefix(text, "#version") {
				return ok
			}
			left, right, pair := strings.Cut(text, " ")
			merges = append(merges, [2]string{left, right})
			return ok && pair && !strings.Contains(right, " ")
		}
		if !s.take('[') {
			return false
		}
		left, okLeft := s.str()
		comma := s.take(',')
		right, okRight := s.str()
		merges = append(merges, [2]string{left, right})
		return okLeft && comma && okRight && s.take(']')
	})
	if !ok {
		return nil, fmt.Errorf("%w: merge %d is not a pair of pieces, or is one too many (%d)", ErrFormat, len(merges), maxPieces)
	}
	return merges, nil
}

// marshal writes the model for tokenizer.json.
func (m *unigram) marshal() json.RawMessage {
	vocab := make([][2]any, len(m.pieces))
	for i, p := range m.pieces {
		vocab[i] = [2]any{p.Text, p.Score}
	}
	out := struct {
		Type         string   `json:"type"`
		UnkID        *int32   `json:"unk_id"`
		Vocab        [][2]any `json:"vocab"`
		ByteFallback bool     `json:"byte_fallback"`
	}{Type: "Unigram", Vocab: vocab, ByteFallback: m.fallback != nil}
	if m.unk >= 0 {
		out.UnkID = &m.unk
	}
	return mustMarshal(out)
}
