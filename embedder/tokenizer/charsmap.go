package tokenizer

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// charsmap is SentencePiece's compiled table of normalisation (the normalizer
// Precompiled): a double-array trie of Darts-clone whose values are offsets
// into a run of texts that end in NUL.
type charsmap struct {
	units []uint32
	texts []byte
}

const maxCharsmap = 16 << 20

func newCharsmap(data []byte) (*charsmap, error) {
	if len(data) < 4 || len(data) > maxCharsmap {
		return nil, fmt.Errorf("%w: a precompiled_charsmap of %d bytes, not 4 to %d", ErrFormat, len(data), maxCharsmap)
	}
	size := int(binary.LittleEndian.Uint32(data))
	data = data[4:]
	if size == 0 || size%4 != 0 || size > len(data) {
		return nil, fmt.Errorf("%w: a precompiled_charsmap with a trie of %d bytes in %d", ErrFormat, size, len(data))
	}
	m := &charsmap{units: make([]uint32, size/4), texts: data[size:]}
	for i := range m.units {
		m.units[i] = binary.LittleEndian.Uint32(data[4*i:])
	}
	if !utf8.Valid(m.texts) {
		return nil, fmt.Errorf("%w: the texts of the precompiled_charsmap are not UTF-8", ErrFormat)
	}
	return m, nil
}

// The parts of a unit of Darts-clone.

func unitLeaf(u uint32) bool     { return u>>8&1 == 1 }
func unitValue(u uint32) uint32  { return u & (1<<31 - 1) }
func unitLabel(u uint32) uint32  { return u & (1<<31 | 0xff) }
func unitOffset(u uint32) uint32 { return u >> 10 << (u & (1 << 9) >> 6) }

// form gives the text for the shortest key that s begins with. Links out of
// the table, which only a broken file has, end the search.
func (m *charsmap) form(s []byte) ([]byte, bool) {
	at := unitOffset(m.units[0])
	for _, c := range s {
		if c == 0 {
			return nil, false
		}
		at ^= uint32(c)
		if at >= uint32(len(m.units)) {
			return nil, false
		}
		u := m.units[at]
		if unitLabel(u) != uint32(c) {
			return nil, false
		}
		at ^= unitOffset(u)
		if !unitLeaf(u) {
			continue
		}
		if at >= uint32(len(m.units)) {
			return nil, false
		}
		start := unitValue(m.units[at])
		if start > uint32(len(m.texts)) {
			return nil, false
		}
		text := m.texts[start:]
		if end := bytes.IndexByte(text, 0); end >= 0 {
			text = text[:end]
		}
		return text, utf8.Valid(text)
	}
	return nil, false
}

// longestCluster is the size in bytes below which the reference looks a whole
// grapheme cluster up, before its letters.
const longestCluster = 6

func (m *charsmap) appendNormal(dst, src []byte) []byte {
	for at := 0; at < len(src); {
		n := clusterLen(src[at:])
		cluster := src[at : at+n]
		at += n
		if n < longestCluster {
			if form, ok := m.form(cluster); ok {
				dst = append(dst, form...)
				continue
			}
		}
		for len(cluster) > 0 {
			_, n := utf8.DecodeRune(cluster)
			if form, ok := m.form(cluster[:n]); ok {
				dst = append(dst, form...)
			} else {
				dst = append(dst, cluster[:n]...)
			}
			cluster = cluster[n:]
		}
	}
	return dst
}

// clusterLen is the length of the extended grapheme cluster (UAX 29) that s
// begins with, exact where it matters: for those under longestCluster bytes.
// Longer ones (Hangul, flags, joined emoji) may come out in parts, which are
// as long and so are looked up letter by letter either way.
func clusterLen(s []byte) int {
	r, n := utf8.DecodeRune(s)
	if r == '\r' && n < len(s) && s[n] == '\n' {
		return n + 1
	}
	if breaksCluster(r) {
		return n
	}
	for prepends(r) && n < len(s) {
		next, size := utf8.DecodeRune(s[n:])
		if breaksCluster(next) {
			return n
		}
		r, n = next, n+size
	}
	for n < len(s) {
		next, size := utf8.DecodeRune(s[n:])
		if !extends(next) {
			break
		}
		n += size
	}
	return n
}

// breaksCluster: Grapheme_Cluster_Break is CR, LF or Control.
func breaksCluster(r rune) bool {
	if r < 0x300 {
		return r < 0x20 || 0x7f <= r && r < 0xa0 || r == 0xad
	}
	switch r {
	case 0x200c, 0x200d:
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r) && !tag(r)
}

// tag characters are format characters that extend a cluster.
func tag(r rune) bool { return 0xe0020 <= r && r <= 0xe007f }

// extends: Grapheme_Cluster_Break is Extend, ZWJ or SpacingMark.
func extends(r rune) bool {
	if r < 0x300 {
		return false
	}
	switch {
	case r == 0x200c, r == 0x200d, r == 0xe33, r == 0xeb3, 0x1f3fb <= r && r <= 0x1f3ff, tag(r):
		return true
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Other_Grapheme_Extend):
		return true
	}
	return unicode.Is(unicode.Mc, r) && !notSpacing(r)
}

// notSpacing are the Mc letters that UAX 29 takes out of SpacingMark.
func notSpacing(r rune) bool {
	switch r {
	case 0x102b, 0x102c, 0x1038, 0x1062, 0x1063, 0x1064, 0x1067, 0x1068, 0x1069, 0x106a, 0x106b, 0x106c, 0x106d,
		0x1083, 0x1087, 0x1088, 0x1089, 0x108a, 0x108b, 0x108c, 0x108f, 0x109a, 0x109b, 0x109c,
		0x1a61, 0x1a63, 0x1a64, 0xaa7b, 0xaa7d, 0x11720, 0x11721:
		return true
	}
	return false
}

// prepends: Grapheme_Cluster_Break is Prepend.
func prepends(r rune) bool {
	if r < 0x600 {
		return false
	}
	switch r {
	case 0xd4e, 0x111c2, 0x111c3, 0x1193f, 0x11941, 0x11a3a, 0x11f02:
		return true
	}
	return unicode.Is(unicode.Prepended_Concatenation_Mark, r) || 0x11a84 <= r && r <= 0x11a89
}
