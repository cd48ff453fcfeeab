package grounding

// instructs reports whether a text talks to a language model.
func instructs(string) bool { return false }
