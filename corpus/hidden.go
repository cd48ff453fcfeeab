package corpus

// Hidden reports whether r changes what a reader sees, or carries a message that
// is not seen, without a use in Arabic or English text: embeddings, overrides and
// isolates of UAX 9, spaces and operators of no width, fillers, tags, variation
// selectors of the supplement. Joiners and direction marks are ordinary.
func Hidden(r rune) bool {
	switch {
	case r < 0xad:
		return false
	case r == '\u00ad', r == '\u034f', r == '\u115f', r == '\u1160', r == '\u180e', r == '\u200b', r == '\u3164', r == '\ufeff', r == '\uffa0':
		return true
	case '\u202a' <= r && r <= '\u202e', '\u2060' <= r && r <= '\u206f':
		return true
	case '\ufff0' <= r && r <= '\ufffb', 0xe0000 <= r && r <= 0xe0fff:
		return true
	}
	return false
}
