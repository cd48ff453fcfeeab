package json

// Tokens is for tests: it gives tokens as json.Decoder does. ByDecoder reports that the
// decoder has taken over.
type Tokens struct{ *tokens }

func NewTokens(text string) Tokens { return Tokens{newTokens(text, false)} }

func (t Tokens) ByDecoder() bool { return t.decoder != nil }
