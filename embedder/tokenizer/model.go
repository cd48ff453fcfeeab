package tokenizer

import (
	"encoding/json"
	"fmt"
)

// vocabulary maps pieces to ids.
type vocabulary struct {
	ids  map[string]int32
	size int // one more than the highest id
}

func (v vocabulary) id(piece string) (int32, bool) {
	id, ok := v.ids[piece]
	return id, ok
}

func newVocabulary(ids map[string]int32) (vocabulary, error) {
	v := vocabulary{ids: ids}
	if len(ids) == 0 || len(ids) > maxPieces {
		return v, fmt.Errorf("%w: %d pieces, not 1 to %d", ErrFormat, len(ids), maxPieces)
	}
	for text, id := range ids {
		if id < 0 || id >= maxPieces {
			return v, fmt.Errorf("%w: piece %q has id %d, not 0 to %d", ErrFormat, clip(text), id, maxPieces-1)
		}
		if len(text) > maxPieceBytes {
			return v, fmt.Errorf("%w: piece %d has %d bytes, more than %d", ErrFormat, id, len(text), maxPieceBytes)
		}
		v.size = max(v.size, int(id)+1)
	}
	return v, nil
}

// modelJSON has the fields of every type of model but its vocabulary.
type modelJSON struct {
	Type         string          `json:"type"`
	Vocab        json.RawMessage `json:"vocab"`
	Merges       json.RawMessage `json:"merges"`
	UnkID        *int64          `json:"unk_id"`
	UnkToken     *string         `json:"unk_token"`
	ByteFallback bool            `json:"byte_fallback"`
	Prefix       *string         `json:"continuing_subword_prefix"`
	Suffix       *string         `json:"end_of_word_suffix"`
	MaxLetters   *int            `json:"max_input_chars_per_word"`
	FuseUnk      bool            `json:"fuse_unk"`
	IgnoreMerges bool            `json:"ignore_merges"`
}

// parseModel reads the model. Files of old versions do not name its type; then the
// fields decide.
func parseModel(raw json.RawMessage) (model, error) {
	if isNull(raw) {
		return nil, fmt.Errorf("%w: no model", ErrFormat)
	}
	var j modelJSON
	if err := json.Unmarshal(raw, &j); err != nil {
		return nil, fmt.Errorf("%w: model: %w", ErrFormat, err)
	}
	if j.Type == "" {
		j.Type = j.guess()
	}
	switch j.Type {
	case "Unigram":
		return j.unigram()
	case "BPE":
		return j.bpe()
	case "WordPiece":
		return j.wordPiece()
	case "WordLevel":
		ids, err := parseVocabulary(j.Vocab)
		if err != nil {
			return nil, err
		}
		unk, err := j.unkID(ids)
		return &wordLevel{ids, unk}, err
	}
	return nil, fmt.Errorf("%w: model type %q is not known", ErrFormat, clip(j.Type))
}

func (j *modelJSON) guess() string {
	switch {
	case j.Merges != nil:
		return "BPE"
	case len(j.Vocab) > 0 && j.Vocab[0] == '[':
		return "Unigram"
	case j.MaxLetters != nil:
		return "WordPiece"
	}
	return "WordLevel"
}

func (j *modelJSON) unigram() (model, error) {
	pieces, err := parsePieces(j.Vocab)
	if err != nil {
		return nil, err
	}
	unknown := -1
	if j.UnkID != nil {
		if *j.UnkID < 0 || *j.UnkID >= int64(len(pieces)) {
			return nil, fmt.Errorf("%w: unk_id %d of %d pieces", ErrFormat, *j.UnkID, len(pieces))
		}
		unknown = int(*j.UnkID)
	}
	return newUnigram(pieces, unknown, j.ByteFallback)
}

func (j *modelJSON) wordPiece() (model, error) {
	ids, err := parseVocabulary(j.Vocab)
	if err != nil {
		return nil, err
	}
	unk, prefix, maxLetters := "[UNK]", "##", 100 // the reference's defaults
	if j.UnkToken != nil {
		unk = *j.UnkToken
	}
	if j.Prefix != nil {
		prefix = *j.Prefix
	}
	if j.MaxLetters != nil {
		maxLetters = *j.MaxLetters
	}
	return newWordPiece(ids, unk, prefix, maxLetters)
}

func (j *modelJSON) bpe() (model, error) {
	ids, err := parseVocabulary(j.Vocab)
	if err != nil {
		return nil, err
	}
	m := &bpe{vocabulary: ids, fuse: j.FuseUnk, ignoreMerges: j.IgnoreMerges}
	if m.unk, err = j.unkID(ids); err != nil {
		return nil, err
	}
	if j.Prefix != nil {
		m.prefix = *j.Prefix
	}
	if j.Suffix != nil {
		m.suffix = *j.Suffix
	}
	if j.ByteFallback {
		m.fallback = bytePieces(m)
	}
	merges, err := parseMerges(j.Merges)
	if err != nil {
		return nil, err
	}
	m.merges = make(map[piecePair]mergeRule, len(merges))
	for rank, pair := range merges {
		if err := m.addMerge(pair[0], pair[1], rank); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// unkID is -1 where the model names no unknown piece.
func (j *modelJSON) unkID(v vocabulary) (int32, error) {
	if j.UnkToken == nil {
		return -1, nil
	}
	id, ok := v.ids[*j.UnkToken]
	if !ok {
		return -1, nil // the reference fails at the first unknown word; here it gives no id
	}
	return id, nil
}
