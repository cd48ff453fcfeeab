package conversation

import "dalil/lexical"

// Salient is the characteristic words of a passage.
func (r *Reader) Salient(c Cited, v lexical.Frequencies) string { return r.salient(c, v) }
